import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { pathTexts } from './path-texts.ts'
import { customerRenews } from './renewal.ts'
import type { StepProps } from './step.ts'

export function HandlingStep({ organisation }: StepProps) {
  const t = useTexts(pathTexts)
  const form = useForm({ specialHandling: organisation.specialHandling })
  const save = useSend('PATCH /api/organisations/:id', {
    renews: [...customerRenews, 'GET /api/organisations/:id'],
    onDone: () => void toast(t('saved')),
    onProblem: form.take,
  })
  return (
    <Section>
      <TextArea label={t('handling')} minRows={3} {...form.text('specialHandling')} />
      <FormProblem text={form.problem} />
      <div>
        <Button
          look="main"
          busy={save.isPending}
          disabled={form.values.specialHandling === organisation.specialHandling}
          onClick={() => save.mutate({ params: { id: organisation.id }, ifMatch: organisation.version, body: form.values })}
        >
          {t('save')}
        </Button>
      </div>
    </Section>
  )
}
