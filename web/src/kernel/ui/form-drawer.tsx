import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Drawer, Flex, Form } from './primitives'
import { Refusal } from './refusal'
import { useNarrow } from './use-media'

interface FormDrawerProps<Body, Answer> {
  title: string
  verb: string
  initial: Partial<Body>
  send: (body: Body) => Promise<Answer>
  onSent: (answer: Answer) => void | Promise<void>
  onClose: () => void
  /** Called when the form is sent off, also if it lacks something. */
  onTried?: () => void
  /** Pixels on a desk; a phone gives it the whole screen. */
  width?: number
  children: ReactNode
  /** Stands in its parent instead of above the page, for stories. */
  isInline?: boolean
}

/** Ask for something long at the side of the page, send it, and say why it was refused. */
export const FormDrawer = <Body extends object, Answer>(props: FormDrawerProps<Body, Answer>) => {
  const { title, verb, initial, send, onSent, onClose, onTried, width = 640, children, isInline } = props
  const t = useT()
  const isNarrow = useNarrow()
  const [form] = Form.useForm<Body>()
  const sending = useMutation({ mutationFn: send, onSuccess: onSent })
  const submit = () => {
    onTried?.()
    form.submit()
  }
  const footer = (
    <Flex justify="end" gap={8}>
      <Button onClick={onClose}>{t('kernel.ui.cancel')}</Button>
      <Button type="primary" loading={sending.isPending} onClick={submit}>
        {verb}
      </Button>
    </Flex>
  )
  return (
    <Drawer
      open
      title={title}
      size={isNarrow ? '100%' : width}
      footer={footer}
      onClose={onClose}
      {...(isInline ? { getContainer: false, rootStyle: { position: 'absolute' } } : {})}
    >
      <Form<Body>
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true }}
        initialValues={initial}
        onFinish={(body) => sending.mutate(body)}
      >
        {children}
        <Refusal error={sending.error} />
      </Form>
    </Drawer>
  )
}
