import { IconArchive, IconArchiveOff, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldSet, FormProblem, TextField } from '../../ui/Fields.tsx'
import { blankChoice, type ChoiceDraft } from './draft.ts'
import styles from './Editor.module.css'
import { editorTexts } from './editor-texts.ts'

type Use = Answer<'GET /api/fields/:id/use'>['choices']
type Props = { choices: ChoiceDraft[]; use: Use | undefined; error: string | undefined; onChange: (next: ChoiceDraft[]) => void }

/** The choices in order. One that tickets hold is archived, not removed, and says on how many it is. */
export function ChoiceRows({ choices, use, error, onChange }: Props) {
  const t = useTexts(editorTexts)
  const put = (at: number, next: ChoiceDraft) => onChange(choices.with(at, next))
  const up = (at: number) => onChange(choices.toSpliced(at - 1, 2, choices[at] as ChoiceDraft, choices[at - 1] as ChoiceDraft))
  return (
    <FieldSet title={t('choices')}>
      {choices.map((choice, at) => {
        const used = use?.find((u) => u.key === choice.key)
        const name = choice.en || choice.de || String(at + 1)
        const type = (language: 'en' | 'de') => ({
          lang: language,
          maxLength: 100,
          value: choice[language],
          onChange: (e: { currentTarget: { value: string } }) => put(at, { ...choice, [language]: e.currentTarget.value }),
        })
        return (
          <div key={choice.id} className={styles.choice} data-archived={choice.archived || undefined}>
            <TextField label={t('choiceEn', { number: at + 1 })} {...type('en')} />
            <TextField label={t('choiceDe', { number: at + 1 })} {...type('de')} />
            <span className={styles.use}>
              <span className="grow dim small">
                {choice.archived && `${t('choiceArchived')} · `}
                {used && used.tickets > 0 ? t(used.more ? 'usedMore' : 'used', { count: used.tickets }) : t('unused')}
              </span>
              <IconButton label={t('upChoice', { name })} icon={<IconArrowUp size={16} />} disabled={at === 0} onClick={() => up(at)} />
              {used && used.tickets > 0 ? (
                <IconButton
                  label={t(choice.archived ? 'offerChoice' : 'archiveChoice', { name })}
                  icon={choice.archived ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}
                  onClick={() => put(at, { ...choice, archived: !choice.archived })}
                />
              ) : (
                <IconButton
                  label={t('removeChoice', { name })}
                  icon={<IconTrash size={16} />}
                  onClick={() => onChange(choices.toSpliced(at, 1))}
                />
              )}
            </span>
          </div>
        )
      })}
      <Button icon={<IconPlus size={16} />} onClick={() => onChange([...choices, blankChoice()])}>
        {t('addChoice')}
      </Button>
      <FormProblem text={error} />
    </FieldSet>
  )
}
