// mails.js MODULES DIR: write HTML mails as they are found in the world into
// DIR: those of foundation-emails and of responsive-html-email-template, and
// what mailgen makes of four messages with each of its themes.
const fs = require("fs");
const path = require("path");

const [modules, dir] = process.argv.slice(2);
const Mailgen = require(path.resolve(modules, "mailgen"));

function copy(from, prefix) {
  for (const name of fs.readdirSync(from))
    if (name.endsWith(".html"))
      fs.copyFileSync(path.join(from, name), path.join(dir, prefix + name));
}

const messages = {
  welcome: {
    name: "O'Neil, Ann",
    intro: ["Welcome to the course!", "We're very excited to have you."],
    action: {
      instructions: "To get started, please click here:",
      button: {
        color: "#22BC66",
        text: "Confirm your account",
        link: "https://e.org/confirm?s=d9729feb74992cc3482b350163a1a010&x=1",
      },
    },
    outro: "Need help, or have questions? Just reply to this email.",
  },
  receipt: {
    name: "Zoë Müller",
    intro: "Your order has been processed.",
    table: {
      title: "Order summary",
      data: [
        { item: "Node.js", description: "Event-driven I/O", price: "$10.99" },
        { item: "Mailgen", description: "Makes mail", price: "$1.99" },
      ],
      columns: { customAlignment: { price: "right" } },
    },
    action: {
      instructions: "Check the status of your order here:",
      button: { text: "Go to Dashboard", link: "https://e.org/dashboard" },
    },
  },
  reset: {
    name: "山田 太郎",
    intro: "パスワードの再設定が要求されました。",
    action: [
      {
        instructions: "Click the button below:",
        button: { text: "Reset", link: "https://e.org/reset/%2Fa%20b" },
      },
      {
        instructions: "Or tell us that it was not you:",
        button: { text: "Report", link: "https://e.org/report" },
      },
    ],
    outro: "If you did not ask for it, do nothing.",
  },
  grades: {
    name: "שרה כהן",
    greeting: "שלום",
    intro: "הציונים פורסמו.",
    dictionary: { date: "2026-11-24", course: "Physics 101", room: "B-12" },
    signature: "בברכה",
  },
};

copy(path.join(modules, "foundation-emails", ".templates"), "foundation-");
copy(path.join(modules, "responsive-html-email-template"), "responsive-");
for (const theme of ["default", "salted", "neopolitan", "cerberus"]) {
  const generator = new Mailgen({
    theme,
    product: { name: "Example University", link: "https://e.org/" },
  });
  for (const [name, body] of Object.entries(messages)) {
    const html = generator.generate({ body: JSON.parse(JSON.stringify(body)) });
    fs.writeFileSync(path.join(dir, `mailgen-${theme}-${name}.html`), html);
  }
}
