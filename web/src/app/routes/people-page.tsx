import { PeoplePage } from '@/cdp/people/people-page'

/** Everybody the brand knows. */
const PeopleRoute = () => <PeoplePage />

export default PeopleRoute
