// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a disk does, in the words of a journey. */
class WordingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DMA                    | 4096 | 64   | ssd0       | DMA to memory, 64 bytes",
                "DMA                    | 4096 | -64  | ssd0       | DMA from memory, 64 bytes",
                "DMA                    | 4096 | 512  | ssd0 fault | DMA to memory, 512 bytes refused",
                "BLOCK_BIO_QUEUE        | 8    | 4096 | ssd0 R     | bio ssd0 R 8 + 8",
                "BLOCK_REQUEST_ISSUE    | 0    | 512  | ssd0 W     | sent: ssd0 W 0 + 1",
                "BLOCK_REQUEST_COMPLETE | 0    | 0    | ssd0 F     | complete: ssd0 F 0 + 0",
            })
    void theStepsOfADisk(TraceEvent event, long a, long b, String text, String words) {
        assertThat(Wording.of(new TraceRecord(0, 0, 1, "dd", "...", event, a, b, text), 1))
                .isEqualTo(words);
    }
}
