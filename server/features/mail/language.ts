// German or English, by counting the small words that every sentence has: good enough to choose the language of a
// greeting, and cheap. Undecided stays undecided.

const WORDS = {
  de: new Set(
    'der die das und ist nicht ich wir sie ein eine einen mit für auf den dem des von zu im es auch kann bitte haben habe wird werden noch aber oder wie bei hallo danke grüße grüßen mein meine nach seit wenn dass sich kein keine'.split(
      ' ',
    ),
  ),
  en: new Set(
    'the and is not i we you a an with for on of to in it also can please have has will be but or as at hello thanks regards my after since when that this are was do does no from'.split(
      ' ',
    ),
  ),
}

export function guessLanguage(text: string): 'en' | 'de' | undefined {
  const words =
    text
      .slice(0, 5000)
      .toLowerCase()
      .match(/[a-zäöüß]+/g) ?? []
  let de = 0
  let en = 0
  for (const word of words) {
    if (WORDS.de.has(word)) de += 1
    if (WORDS.en.has(word)) en += 1
  }
  if (de >= 2 && de > en * 1.5) return 'de'
  if (en >= 2 && en > de * 1.5) return 'en'
  return undefined
}
