import string, json, pytest
from tests.tui.conftest import *
from tests.tui.conftest import Open
from textual.keys import _character_to_key
from tests.tui.test_exercise_screen import answer

def acts(driver):
    ab = driver.app.screen.active_bindings
    out={}
    for ch in string.printable[:95]:
        key=_character_to_key(ch) if not ch.isalnum() else ch
        if ch==" ": key="space"
        if key in ab:
            b=ab[key]
            out[ch]=f"{b.binding.action}{'' if b.enabled else ' OFF'}"
    return out
async def note(driver,name,log):
    from textual.widgets import Input,TextArea
    f=driver.app.focused
    log.append((name,type(driver.app.screen).__name__,type(f).__name__,isinstance(f,(Input,TextArea)),acts(driver)))

async def test_sweep(open_app):
    log=[]
    async with open_app() as d:
        await note(d,"home today",log)
        await d.press("tab"); await note(d,"home list",log)
        await d.press("slash",*"sig","enter"); await note(d,"home narrowed",log)
        await d.press("escape")
        for k,n in (("l","lessons"),("c","gates"),("p","progress"),("x","papers"),("m","own"),("g","made"),("comma","settings"),("j","jump"),("question_mark","help"),("ctrl+p","palette")):
            await d.press(k); await note(d,n,log)
            for _ in range(3):
                if type(d.app.screen).__name__!="HomeScreen": await d.press("escape")
            if type(d.app.screen).__name__!="HomeScreen": d.app.close_all(); await d.filled()
    async with open_app("node-way/a") as d:
        await note(d,"ex equations",log)
        await answer(d,"p = x + y","f = p z")
        await note(d,"ex value",log)
        await d.press("f7"); await note(d,"ex graph",log)
        await d.press("f7"); await d.press("ctrl+r"); await note(d,"replay",log); await d.press("escape")
        await d.press("ctrl+l"); await note(d,"word",log)
    async with open_app("autograd/modes") as d:
        await note(d,"ex choice",log)
        await d.press("f6","f6"); await d.pilot.pause(0.5); await note(d,"worked",log)
    for name,s,f,t,a in log:
        print(f"== {name} [{s} / {f}{' TEXT' if t else ''}]")
        by={}
        for k,v in a.items(): by.setdefault(v,[]).append(k)
        for v,k in by.items(): print("   ","".join(k),v)
