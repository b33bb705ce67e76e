import { IconBraces } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { ChoiceField, TextArea, TextField } from '../../ui/Fields.tsx'
import { Menu } from '../../ui/Menu.tsx'
import styles from './Readymade.module.css'
import { readymadeTexts } from './texts.ts'

type Words = { en: string; de: string }
type Props = {
  label: string
  value: Words
  path: string
  issues: Record<string, string>
  onChange: (value: Words) => void
  /** Whose eyes read it: the variables that are offered. None: it takes no variables. */
  audience?: 'everyone' | 'staff'
  oneLine?: boolean
}

/** A text in both languages, one seen at a time: the reader's own first. Variables are put where the cursor stands. */
export function TextsField({ label, value, path, issues, onChange, audience, oneLine }: Props) {
  const t = useTexts(readymadeTexts)
  const [shown, setShown] = useState(useLanguage())
  const at = useRef<number>(value[shown].length)
  const error = issues[`${path}.${shown}`] ?? issues[path] ?? issues[`${path}.${shown === 'en' ? 'de' : 'en'}`]
  const put = (text: string) => onChange({ ...value, [shown]: text })
  const insert = (name: string) => put(`${value[shown].slice(0, at.current)}{{${name}}}${value[shown].slice(at.current)}`)
  const field = {
    label: t(shown === 'en' ? 'inEnglish' : 'inGerman', { name: label }),
    error,
    value: value[shown],
    onChange: (event: { currentTarget: { value: string } }) => put(event.currentTarget.value),
    onSelect: (event: { currentTarget: { selectionEnd: number | null } }) => {
      at.current = event.currentTarget.selectionEnd ?? value[shown].length
    },
  }
  return (
    <div className={styles.area}>
      <div className="row">
        <ChoiceField
          label={label}
          hideLabel
          value={shown}
          onChange={setShown}
          options={[
            { value: 'en', label: t('english') },
            { value: 'de', label: t('german') },
          ]}
        />
        <span className="grow" />
        {audience && <Variables audience={audience} onPick={insert} />}
      </div>
      {oneLine ? <TextField {...field} maxLength={500} /> : <TextArea {...field} minRows={4} />}
    </div>
  )
}

function Variables({ audience, onPick }: { audience: 'everyone' | 'staff'; onPick: (name: string) => void }) {
  const t = useTexts(readymadeTexts)
  const { data } = useCall('GET /api/readymade/variables', {}, { staleTime: 3_600_000 })
  const of = (whose: 'everyone' | 'staff') =>
    (data?.items ?? []).filter((v) => v.audience === whose).map((v) => ({ key: v.name, label: `{{${v.name}}}`, run: () => onPick(v.name) }))
  return (
    <Menu
      end
      width={280}
      target={<IconButton label={t('insertVariable')} icon={<IconBraces size={16} />} />}
      entries={[
        { key: 'all', heading: t('forEverybody') },
        ...of('everyone'),
        audience === 'staff' && { key: 'staff', heading: t('forNotes') },
        ...(audience === 'staff' ? of('staff') : []),
      ]}
    />
  )
}
