// The forms' comforts. Without this script every form works too: as a plain post, with messages shown by :target.
import { keepAddress, restoreAddress, suggest } from "./forms/address.js";
import { sendAgain } from "./forms/again.js";
import { tickCriteria } from "./forms/criteria.js";
import { showPortal } from "./forms/portal.js";
import { clearProblems, showProblem } from "./forms/problem.js";
import { revealPasswords } from "./forms/reveal.js";
import { sendByFetch } from "./forms/send.js";
import { forgetPending, showSent } from "./forms/sent.js";
import { guardToken, handTokenOn, takeToken } from "./forms/token.js";

takeToken();
addEventListener("hashchange", () => takeToken() && clearProblems()); // a mail's link, opened while the page is there
for (const field of document.querySelectorAll("#token")) guardToken(field);
for (const link of document.querySelectorAll(".language")) handTokenOn(link);
restoreAddress();
for (const form of document.querySelectorAll("form[data-done]")) sendByFetch(form, keepAddress);
for (const link of document.querySelectorAll("a.again")) sendAgain(link);
for (const button of document.querySelectorAll(".reveal")) revealPasswords(button);
for (const list of document.querySelectorAll(".criteria")) tickCriteria(list);
for (const hint of document.querySelectorAll(".form + .suggestion, .form .suggestion")) suggest(hint);
const sent = document.querySelector(".sent");
if (sent) showSent(sent);
else forgetPending();
for (const page of document.querySelectorAll(".portal")) showPortal(page);

// The function answered a plain post: show the message as if we had sent it.
if (location.hash.startsWith("#fehler-")) {
  const vorgang = new URLSearchParams(location.search).get("vorgang");
  showProblem({ code: location.hash.slice("#fehler-".length), vorgang });
}
