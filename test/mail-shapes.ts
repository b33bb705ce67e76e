import { foldReply } from '../server/features/mail/fold.ts'
import { sanitiseMailHtml } from '../server/features/mail/sanitise.ts'
import { textFromHtml } from '../server/features/mail/text-from-html.ts'

/** Texts of n characters that a careless step takes much longer for than their length, and the steps that read them. */
export const mailShapes: Record<string, (n: number) => string> = {
  'a run of a': (n) => `${'a'.repeat(n)}!`,
  'one address': (n) => `http://x/${'a/?&='.repeat(n / 5)}`,
  'quote levels': (n) => '>'.repeat(n),
  'signature marks': (n) => '-- \n'.repeat(n / 4),
  'half tags': (n) => '<a href="'.repeat(n / 9),
  'open comments': (n) => '<!-- -'.repeat(n / 6),
  styles: (n) => `<p style="${'color:red;'.repeat(n / 10)}">x`,
  'style values': (n) => `<p style="color:${'rgb(1,'.repeat(n / 6)}">x`,
  'loose signs': (n) => '<'.repeat(n),
  entities: (n) => '&amp;'.repeat(n / 5),
  links: (n) => '<a href="http://x/y">z</a>'.repeat(n / 26),
  'pictures of the web': (n) => '<img src="http://x/y.png">'.repeat(n / 26),
  'lines of a letter': (n) => 'a\n'.repeat(n / 2),
  'empty lines': (n) => '\n'.repeat(n),
}

export const mailSteps: Record<string, (text: string) => unknown> = { fold: foldReply, sanitise: sanitiseMailHtml, text: textFromHtml }
