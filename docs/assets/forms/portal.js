// Who is logged in: the page itself is the same for everybody and may be cached.
import { forgetAddress, read, refuses, write } from "./address.js";
import { patience } from "./send.js";

const SEEN = "logged-in";

export async function showPortal(page) {
  const who = page.querySelector(".portal__who");
  const logout = page.querySelector(".portal__logout");
  const login = page.querySelector(".portal__login");
  const ways = page.querySelector(".portal__ways");
  try {
    const answer = await fetch("/api/session", { headers: { Accept: "application/json" }, signal: patience() });
    if (answer.ok) {
      const { username } = await answer.json();
      who.textContent = who.dataset.in.replace("{username}", () => username);
    } else {
      const out = navigator.cookieEnabled && !refuses() ? who.dataset.out : who.dataset.cookies;
      who.textContent = answer.status === 401 ? out : who.dataset.unknown;
    }
    if (answer.ok) write(SEEN, "1");
    if (answer.status === 401 && read(SEEN)) forgetAddress(); // it ended by itself, on a device of several people
    login.hidden = answer.ok;
    logout.hidden = answer.status === 401;
    ways.classList.add(answer.ok || answer.status === 401 ? "is-known" : "is-unknown");
  } catch {
    who.textContent = who.dataset.unknown;
    ways.classList.add("is-unknown");
  }
}
