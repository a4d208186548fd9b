// The page after "E-mail me": which address, which case, and when it makes sense to ask again.
import { isAddress, meant, read, write } from "./address.js";
import { showVorgang } from "./problem.js";

const SENT = "sent"; // address and time of each request of this window, by Vorgangsnummer
const PENDING = ""; // of a plain post: its number stands in the address of the next page

const requests = () => {
  try {
    return JSON.parse(read(SENT));
  } catch {
    return {};
  }
};

const keep = (all) => write(SENT, JSON.stringify(all));

export function keepRequest(address, vorgang = PENDING) {
  if (isAddress(address)) keep({ ...requests(), [vorgang]: { address, at: Date.now() } });
}

/** The request of this page; one that led elsewhere than to the page after it is none. */
function taken(vorgang) {
  const { [PENDING]: pending, ...known } = requests();
  if (!pending) return known[vorgang];
  if (vorgang) known[vorgang] = pending;
  keep(known);
  return known[vorgang];
}

export const forgetPending = () => taken(null);

export function showSent(page) {
  const vorgang = new URLSearchParams(location.search).get("vorgang");
  showVorgang(page.querySelector(".sent__vorgang"), vorgang);
  if (vorgang) document.querySelector(".language").search = new URLSearchParams({ vorgang });
  const request = taken(vorgang);
  if (!request?.address) return; // another window's, or a post without this script: the number stands alone
  const { address, at } = request;
  const place = page.querySelector(".sent__address");
  const shown = document.createElement("strong");
  shown.textContent = address;
  place.append(place.dataset.before, " ", shown);
  place.hidden = false;
  offerCorrection(page.querySelector(".suggestion"), meant(address));
  offerAgain(page, address, at);
}

function offerCorrection(hint, address) {
  if (!address) return;
  const link = document.createElement("a");
  link.href = hint.dataset.form;
  link.textContent = hint.dataset.change;
  hint.append(hint.dataset.question.replace("{address}", () => address), " ", link);
}

/** Asking again is a press, once the wait is over; each minute the page says how long that is. */
function offerAgain(page, address, at) {
  const form = page.querySelector(".again");
  const button = form.querySelector("button");
  const hint = form.querySelector(".sent__wait");
  form.elements.username.value = address;
  form.hidden = false;
  const until = at + Number(page.dataset.wait) * 60_000;
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") form.querySelector(".form__status").textContent = hint.textContent;
  });
  const tell = () => {
    const minutes = Math.ceil((until - Date.now()) / 60_000);
    button.setAttribute("aria-disabled", String(minutes > 0));
    const { wait, waitOne, ready } = hint.dataset;
    hint.textContent = minutes > 1 ? wait.replace("{n}", minutes) : minutes === 1 ? waitOne : ready;
    if (minutes > 0) setTimeout(tell, 5_000);
    else form.querySelector(".form__status").textContent = "";
  };
  tell();
}
