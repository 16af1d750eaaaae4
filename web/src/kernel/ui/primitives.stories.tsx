import { UserIcon } from './icons'
import {
  Alert,
  AutoComplete,
  Button,
  Checkbox,
  DatePicker,
  Descriptions,
  Divider,
  Flex,
  Form,
  Input,
  InputNumber,
  QRCode,
  Radio,
  Segmented,
  Select,
  Skeleton,
  Space,
  Switch,
  Tabs,
  Tag,
} from './primitives'
import type { Stories } from './story'

const CITIES = ['上海', '杭州', 'Berlin'].map((value) => ({ value, label: value }))

export const stories: Stories = {
  Alert: () => (
    <Flex vertical gap={8}>
      {(['success', 'info', 'warning', 'error'] as const).map((type) => (
        <Alert key={type} type={type} showIcon title={type} description="What happened, and the way on." />
      ))}
    </Flex>
  ),
  Button: () => (
    <Space wrap>
      <Button type="primary">Save</Button>
      <Button icon={<UserIcon />}>保存</Button>
      <Button type="text">Text</Button>
      <Button type="link">Link</Button>
      <Button danger>Erase</Button>
      <Button disabled>Disabled</Button>
      <Button loading>Saving</Button>
    </Space>
  ),
  Form: () => (
    <Form
      layout="vertical"
      style={{ maxWidth: 360 }}
      initialValues={{ city: '杭州', days: 14, agreed: true }}
    >
      <Form.Item label="Name" name="name" required validateStatus="error" help="Say a name.">
        <Input placeholder="Mei Lin" />
      </Form.Item>
      <Form.Item label="Note" name="note">
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item label="City" name="city">
        <Select options={CITIES} />
      </Form.Item>
      <Form.Item label="Tag" name="tag">
        <AutoComplete options={CITIES} />
      </Form.Item>
      <Form.Item label="Days" name="days">
        <InputNumber min={1} max={90} />
      </Form.Item>
      <Form.Item label="Begins on" name="begins">
        <DatePicker />
      </Form.Item>
      <Form.Item name="agreed" valuePropName="checked">
        <Checkbox>Agreed</Checkbox>
      </Form.Item>
    </Form>
  ),
  Radio: () => (
    <Radio.Group
      aria-label="Role"
      defaultValue="viewer"
      options={['owner', 'viewer'].map((value) => ({ value, label: value }))}
    />
  ),
  Segmented: () => <Segmented aria-label="Grain" options={['Month', 'Week']} defaultValue="Week" />,
  QRCode: () => <QRCode value="FANWHEEL" type="svg" size={160} aria-label="QR code of a short address" />,
  Switch: () => <Switch aria-label="Only fans" defaultChecked />,
  Tabs: () => (
    <Tabs
      items={['Timeline', 'Orders'].map((label) => ({
        key: label,
        label,
        children: `The ${label} of a person.`,
      }))}
    />
  ),
  Tag: () => (
    <Space>
      <Tag>vip</Tag>
      <Tag closable={{ 'aria-label': 'Take off the tag 老客' }}>老客</Tag>
    </Space>
  ),
  Descriptions: () => (
    <Descriptions column={1} items={[{ key: 'zone', label: 'Time zone', children: 'Asia/Shanghai' }]} />
  ),
  Divider: () => <Divider />,
  Skeleton: () => <Skeleton paragraph={{ rows: 2 }} />,
}
