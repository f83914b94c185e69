// Starts the interface over invented studies in memory; never part of what is shipped.
import { usePlatform } from '../src/platform';
import { FakeHost } from './fakeHost';

usePlatform(new FakeHost(location.search));
void import('../src/main');
