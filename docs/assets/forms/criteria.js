// Ticks the criteria that a browser can judge while somebody types; the function judges all of them again.

export function tickCriteria(list) {
  const live = list.querySelector(".criteria__live");
  const items = [...list.querySelectorAll("[data-live]")];
  const form = list.closest("form");
  const password = form.elements.new_password;
  let timer;

  const judge = () => {
    const changed = items.filter((item) => mark(item, isMet(item, password.value)));
    clearTimeout(timer);
    if (changed.length) timer = setTimeout(() => say(changed), 700); // not at every key
  };
  const mark = (item, met) => {
    const before = item.classList.contains("is-met");
    item.classList.toggle("is-met", met);
    item.querySelector(".criteria__state").textContent = password.value ? ` (${met ? live.dataset.met : live.dataset.unmet})` : "";
    return before !== met;
  };
  const say = (changed) => {
    live.textContent = changed.map((item) => item.textContent).join(" ");
  };

  password.addEventListener("input", judge);
  addEventListener("pageshow", judge); // Back finds the page as it was left, but for the password
  // Once seen the list stays: if it closed as focus leaves the form, the button would move away under the mouse.
  password.addEventListener("focus", () => form.classList.add("is-seen"));
}

function isMet(item, password) {
  if (!password) return false;
  const length = [...password.normalize("NFC")].length;
  const limit = Number(item.dataset.limit);
  return item.dataset.live === "min" ? length >= limit : length <= limit;
}
