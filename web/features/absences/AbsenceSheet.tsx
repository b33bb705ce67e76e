import type { Absence } from '../../../contract/absences.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { type Option, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { optionOf, PersonPick } from '../people/picks.tsx'
import styles from './Absences.module.css'
import { absenceTexts } from './texts.ts'

type Props = { absence: Absence | null; person: { id: string; name: string } | null; onClose: () => void }

/** Days and substitute; without a person given, whose absence it is is asked first. */
export function AbsenceSheet({ absence, person, onClose }: Props) {
  const t = useTexts(absenceTexts)
  const form = useForm({
    personId: optionOf(absence?.person ?? person) as Option | null,
    fromOn: absence?.fromOn ?? '',
    toOn: absence?.toOn ?? '',
    substituteId: optionOf(absence?.substitute) as Option | null,
  })
  const saved = {
    renews: ['GET /api/absences' as const],
    onProblem: form.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  }
  const add = useSend('POST /api/absences', saved)
  const change = useSend('PATCH /api/absences/:id', saved)
  const remove = useSend('DELETE /api/absences/:id', {
    renews: ['GET /api/absences'],
    onProblem: toastProblem,
    onDone: () => {
      toast(t('removed'))
      onClose()
    },
  })
  const save = () => {
    const { fromOn, toOn, substituteId, personId } = form.values
    const body = { fromOn, toOn, substituteId: substituteId?.value ?? null }
    if (absence) change.mutate({ params: { id: absence.id }, ifMatch: absence.version, body })
    else add.mutate({ body: { ...body, ...(personId ? { personId: personId.value } : {}) } })
  }
  return (
    <FormSheet
      title={t(absence ? 'edit' : 'add')}
      busy={add.isPending || change.isPending}
      problem={form.problem}
      values={form.values}
      wide={false}
      aside={
        absence && (
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ params: { id: absence.id } })}>
            {t('remove')}
          </Button>
        )
      }
      onSave={save}
      onClose={onClose}
    >
      {!absence && !person && <PersonPick staff label={t('person')} {...form.value('personId')} />}
      <div className={styles.dates}>
        <TextField label={t('fromOn')} type="date" {...form.text('fromOn')} />
        <TextField label={t('toOn')} type="date" {...form.text('toOn')} />
      </div>
      <PersonPick staff label={t('substitute')} hint={t('substituteHint')} {...form.value('substituteId')} />
    </FormSheet>
  )
}
