// Drives the opt-out page in Chromium: node optout.mjs LINK PICTURES MODULES
// Prints what it checked; ends with status 1 at the first thing that is wrong.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const [link, pictures, modules] = process.argv.slice(2)
const require = createRequire(modules + '/')
const puppeteer = require('puppeteer-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const browser = await puppeteer.launch({
	executablePath: '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--lang=en'],
})
const page = await browser.newPage()
const complaints = []
page.on('console', (m) => {
	if (m.type() === 'error' || m.type() === 'warning')
		complaints.push(m.text())
})
page.on('pageerror', (e) => complaints.push(String(e)))
page.on('requestfailed', (r) => complaints.push('failed: ' + r.url()))

function must(good, what) {
	if (!good || complaints.length > 0) {
		console.log('NOT ' + what, complaints)
		process.exit(1)
	}
	console.log(what)
}

async function look(name, width, scheme, language) {
	await page.setExtraHTTPHeaders({ 'Accept-Language': language })
	await page.setViewport({ width, height: 800 })
	await page.emulateMediaFeatures([
		{ name: 'prefers-color-scheme', value: scheme },
	])
	await page.goto(link, { waitUntil: 'load' })
	await check(`${name}-${width}-${scheme}-${language}`)
}

// No serious or critical finding, no scroll bar across; a picture of it.
async function check(name) {
	const overflow = await page.evaluate(
		() => document.documentElement.scrollWidth - window.innerWidth,
	)
	must(overflow <= 0, `${name}: fits its width`)
	await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: false })
	// The page's policy forbids scripts; axe comes in by the debugger.
	await page.evaluate(axe)
	const found = await page.evaluate(async () => {
		const result = await window.axe.run()
		return result.violations.map((v) => `${v.impact} ${v.id}`)
	})
	must(
		!found.some((f) => /^(serious|critical)/.test(f)),
		`${name}: axe-core: ${found.join(', ') || 'no finding'}`,
	)
}

async function text(selector) {
	return await page.$eval(selector, (e) => e.innerText)
}

// By keyboard alone, as somebody does who sees no pointer.
async function press(label) {
	for (let i = 0; i < 10; i++) {
		await page.keyboard.press('Tab')
		const at = await page.evaluate(() => ({
			label: document.activeElement.innerText,
			ring: getComputedStyle(document.activeElement).outlineStyle,
		}))
		if (!(at.label || '').includes(label)) continue
		must(at.ring !== 'none', `"${label}" shows the focus`)
		await Promise.all([
			page.waitForNavigation(),
			page.keyboard.press('Enter'),
		])
		return
	}
	must(false, `"${label}" can be reached`)
}

for (const width of [320, 1280])
	for (const scheme of ['light', 'dark'])
		for (const language of ['en', 'es', 'ar'])
			await look('before', width, scheme, language)

await page.setJavaScriptEnabled(false)
await page.setExtraHTTPHeaders({ 'Accept-Language': 'en' })
await page.goto(link)
await page.setJavaScriptEnabled(true)
must((await page.cookies()).length === 0, 'no cookie')
await press('Stop mail from this course')
must((await text('[role=status]')).startsWith('Done.'), 'stopped, and told so')
must((await page.title()).startsWith('Done'), 'the title tells it too')
must(page.url() === link, 'still the same page')
await check('after-stop')
if (process.env.RESTART === 'yes') {
	await press('Start mail from this course again')
	must((await text('[role=status]')).includes('again'), 'started again')
	await check('after-start')
}
await page.goto(link.replace(/.$/, '!'))
complaints.length = 0 // the browser notes the 404 itself
must((await text('h1')) === 'This link does not work', 'a broken link')
await browser.close()
