import { bodyText } from '../../kernel/plain-words.ts'
import { sanitiseMailHtml } from './sanitise.ts'
import { textFromHtml } from './text-from-html.ts'

/** HTML of another desk goes the way of every mail's: what is kept is the sanitiser's, and the text beside it is for search. */
export function takeHtml(source: string): { text: string; html: string | null } {
  return { text: bodyText(textFromHtml(source)), html: sanitiseMailHtml(source) }
}
