import { IconArrowBackUp } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { type KeyChoices, keyNames, nameOfPress, useKeyChoices } from '../../kernel/keyboard.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { shellTexts } from '../shell/texts.ts'
import { talkTexts } from '../tickets/conversation-texts.ts'
import { ticketTexts } from '../tickets/texts.ts'
import { saveKeys } from './key-choices.ts'
import { keyTexts } from './key-texts.ts'
import styles from './Profile.module.css'

/** Every key of one letter or sign, and what it does; on screens with a list or a record N and E do that there. */
function useActions(): { key: string; does: string }[] {
  const s = useTexts(shellTexts)
  const l = useTexts(ticketTexts)
  const t = useTexts(talkTexts)
  const k = useTexts(keyTexts)
  return [
    { key: '/', does: s('openPalette') },
    { key: '?', does: s('openHelp') },
    { key: 'c', does: s('newTicket') },
    { key: 'j', does: l('keyDown') },
    { key: 'k', does: l('keyUp') },
    { key: ']', does: l('keyNext') },
    { key: '[', does: l('keyPrevious') },
    { key: 'r', does: t('reply') },
    { key: 'n', does: `${t('note')}; ${k('newOne')}` },
    { key: 't', does: t('take') },
    { key: 'a', does: t('assign') },
    { key: 'p', does: t('pass') },
    { key: 'e', does: `${t('resolve')}; ${k('editOne')}` },
  ]
}

/** In each field one presses the key that one wants; one that is taken is refused, with what it does. */
export function KeyFields() {
  const k = useTexts(keyTexts)
  const actions = useActions()
  const choices = useKeyChoices()
  const [refused, setRefused] = useState<{ key: string; why: string }>()
  const now = (key: string) => choices.keys[key] ?? key
  const set = (key: string, wanted: string) => {
    const taken = actions.find((a) => a.key !== key && now(a.key) === wanted)
    const why = taken
      ? k('taken', { key: keyNames(wanted).join(' '), does: taken.does })
      : wanted === 'g'
        ? k('takenGo')
        : wanted === 'mod+k' || wanted === 'mod+enter'
          ? k('takenFixed')
          : undefined
    setRefused(why === undefined ? undefined : { key, why })
    if (why === undefined) void saveKeys(withKey(choices, key, wanted))
  }
  return (
    <div className="stack">
      <p className="dim small">{k('lead')}</p>
      <div className={styles.keys}>
        {actions.map(({ key, does }) => (
          <div key={key} className={styles.key}>
            <span className="grow" aria-hidden="true">
              {does}
            </span>
            <TextField
              label=""
              aria-label={does}
              aria-describedby={refused?.key === key ? 'key-refused' : undefined}
              aria-invalid={refused?.key === key}
              value={keyNames(now(key)).join(' ')}
              onChange={() => undefined}
              onKeyDown={(event) => pressed(event, (wanted) => set(key, wanted))}
              onBlur={() => setRefused(undefined)}
              disabled={!choices.letters}
              autoComplete="off"
              spellCheck={false}
            />
            {now(key) !== key && (
              <IconButton
                label={k('back', { does, key: key.toUpperCase() })}
                icon={<IconArrowBackUp size={16} stroke={1.7} />}
                onClick={() => set(key, key)}
              />
            )}
            {refused?.key === key && (
              <p id="key-refused" role="alert" className={styles.refused}>
                {refused.why}
              </p>
            )}
          </div>
        ))}
      </div>
      {Object.keys(choices.keys).length > 0 && (
        <div>
          <Button onClick={() => void saveKeys({ ...choices, keys: {} })}>{k('allBack')}</Button>
        </div>
      )}
    </div>
  )
}

function withKey(choices: KeyChoices, key: string, wanted: string): KeyChoices {
  const { [key]: _, ...others } = choices.keys
  return { ...choices, keys: wanted === key ? others : { ...others, [key]: wanted } }
}

/** Tab, Escape and Enter keep what they always do, so that nobody is caught in the field. */
function pressed(event: KeyboardEvent, take: (name: string) => void): void {
  const name = nameOfPress(event.nativeEvent)
  if (!/^(mod\+)?(alt\+)?\S$/u.test(name)) return
  event.preventDefault()
  take(name)
}
