import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import type { TaskTemplate } from '../../../contract/tasks.ts'
import type { Body } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { type Language, useLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CheckField, FieldRow, NumberField, type Option, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { optionOf, TeamPick } from '../people/picks.tsx'
import styles from './Tasks.module.css'
import { itemsOf, linesOf, wordsIn } from './template.ts'
import { templateTexts } from './texts.ts'

/** `key` keeps a task's fields while it is moved; `after` names another by its key. */
type Draft = {
  key: number
  en: string
  de: string
  text: string
  team: Option | null
  dueHours: number | null
  mandatory: boolean
  after: number | null
  items: string
}
type Values = { en: string; de: string; tasks: Draft[] }
let lastKey = 0
const blank = (): Draft => ({
  key: ++lastKey,
  en: '',
  de: '',
  text: '',
  team: null,
  dueHours: null,
  mandatory: false,
  after: null,
  items: '',
})

function valuesOf(template: TaskTemplate): Values {
  const keys = template.tasks.map(() => ++lastKey)
  const tasks = template.tasks.map((task, i) => ({
    key: keys[i] ?? 0,
    ...task.title,
    text: task.text,
    team: optionOf(task.team),
    dueHours: task.dueHours,
    mandatory: task.mandatory,
    after: task.after === null ? null : (keys[task.after] ?? null),
    items: linesOf(task.items),
  }))
  return { ...template.name, tasks }
}

function bodyOf({ en, de, tasks }: Values, language: Language): Body<'POST /api/task-templates'> {
  return {
    name: { en, de },
    tasks: tasks.map((task, i) => {
      const after = tasks.findIndex((one) => one.key === task.after)
      return {
        title: { en: task.en, de: task.de },
        text: task.text,
        teamId: task.team?.value ?? null,
        dueHours: task.dueHours,
        mandatory: task.mandatory,
        // Moved before what it came after, it comes after nothing.
        after: after >= 0 && after < i ? after : null,
        items: itemsOf(task.items, language),
      }
    }),
  }
}

export function TemplateSheet({ template, onClose }: { template?: TaskTemplate; onClose: () => void }) {
  const t = useTexts(templateTexts)
  const language = useLanguage()
  const form = useForm<Values>(template ? valuesOf(template) : { en: '', de: '', tasks: [blank()] })
  const { tasks } = form.values
  const sending = {
    renews: ['GET /api/task-templates'] as const,
    onProblem: (cause: unknown) => form.take(withFields(cause)),
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  }
  const add = useSend('POST /api/task-templates', sending)
  const edit = useSend('PATCH /api/task-templates/:id', sending)
  const save = () => {
    const body = bodyOf(form.values, language)
    if (template) edit.mutate({ params: { id: template.id }, ifMatch: template.version, body })
    else add.mutate({ body })
  }
  const put = (at: number, next: Draft) => form.set('tasks', tasks.with(at, next))
  const up = (at: number) => form.set('tasks', tasks.toSpliced(at - 1, 2, tasks[at] as Draft, tasks[at - 1] as Draft))
  return (
    <FormSheet
      title={template ? t('edit', { name: wordsIn(template.name, language) }) : t('new')}
      busy={add.isPending || edit.isPending}
      problem={form.problem ?? form.errors['tasks']}
      values={form.values}
      aside={template && <RemoveTemplate template={template} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <FieldRow>
        <TextField label={t('nameEn')} hint={t('nameHint')} lang="en" data-autofocus {...form.text('en')} />
        <TextField label={t('nameDe')} hint={t('nameHint')} lang="de" {...form.text('de')} />
      </FieldRow>
      {tasks.map((task, i) => (
        <TaskCard
          key={task.key}
          task={task}
          place={i}
          before={tasks.slice(0, i)}
          alone={tasks.length === 1}
          onChange={(next) => put(i, next)}
          onRemove={() => form.set('tasks', tasks.toSpliced(i, 1))}
          onUp={() => up(i)}
        />
      ))}
      <Button icon={<IconPlus size={16} />} onClick={() => form.set('tasks', [...tasks, blank()])}>
        {t('addTask')}
      </Button>
    </FormSheet>
  )
}

/** The server names the name as a whole; here it is two fields. */
function withFields(cause: unknown): unknown {
  for (const issue of (cause as { issues?: { path: string }[] }).issues ?? []) issue.path = issue.path.replace(/^name(\.\w+)?$/, 'en')
  return cause
}

type CardProps = {
  task: Draft
  place: number
  before: readonly Draft[]
  alone: boolean
  onChange: (next: Draft) => void
  onRemove: () => void
  onUp: () => void
}
function TaskCard({ task, place, before, alone, onChange, onRemove, onUp }: CardProps) {
  const t = useTexts(templateTexts)
  const language = useLanguage()
  const number = place + 1
  const typed = (field: 'en' | 'de' | 'text' | 'items') => ({
    value: task[field],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...task, [field]: event.currentTarget.value }),
  })
  return (
    <section className={styles.card} aria-label={t('taskNumber', { number })}>
      <div className={styles.cardHead}>
        <span className="grow">{t('taskNumber', { number })}</span>
        <IconButton label={t('upTask', { number })} icon={<IconArrowUp size={16} />} disabled={place === 0} onClick={onUp} />
        <IconButton label={t('removeTask', { number })} icon={<IconTrash size={16} />} disabled={alone} onClick={onRemove} />
      </div>
      <FieldRow>
        <TextField label={t('titleEn')} lang="en" maxLength={250} {...typed('en')} />
        <TextField label={t('titleDe')} lang="de" maxLength={250} {...typed('de')} />
      </FieldRow>
      <TextArea label={t('text')} minRows={1} {...typed('text')} />
      <FieldRow>
        <TeamPick label={t('team')} value={task.team} onChange={(team) => onChange({ ...task, team })} />
        <NumberField
          label={t('dueHours')}
          min={0}
          max={8760}
          value={task.dueHours}
          onChange={(dueHours) => onChange({ ...task, dueHours })}
        />
      </FieldRow>
      <TextArea label={t('items')} hint={t('itemsHint')} minRows={2} {...typed('items')} />
      {before.length > 0 && (
        <SelectField
          label={t('after')}
          placeholder={t('nothing')}
          clearable
          options={before.map((one, i) => ({ value: String(one.key), label: `${i + 1} ${wordsIn(one, language)}` }))}
          value={task.after === null ? null : String(task.after)}
          onChange={(after) => onChange({ ...task, after: after === null ? null : Number(after) })}
        />
      )}
      <CheckField
        label={t('mandatory')}
        checked={task.mandatory}
        onChange={(event) => onChange({ ...task, mandatory: event.currentTarget.checked })}
      />
    </section>
  )
}

function RemoveTemplate({ template, onDone }: { template: TaskTemplate; onDone: () => void }) {
  const t = useTexts(templateTexts)
  const language = useLanguage()
  const remove = useSend('DELETE /api/task-templates/:id', {
    renews: ['GET /api/task-templates'],
    onProblem: toastProblem,
    onDone: () => {
      toast(t('removed'))
      onDone()
    },
  })
  return (
    <RemoveButton
      label={t('remove')}
      title={t('removeTitle', { name: wordsIn(template.name, language) })}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: template.id } })}
    />
  )
}
