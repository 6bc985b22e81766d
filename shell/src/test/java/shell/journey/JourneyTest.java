// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import org.junit.jupiter.api.Test;

/** The picture of a recorded read of the temperature sensor. */
final class JourneyTest {
    private static final int HEAD = 1;

    @Test
    void aReadGoesDownToTheDeviceAndUpAgain() throws IOException {
        Journey read = read();
        assertThat(read.call()).isEqualTo("read(0, \"21.500\\n\", 4096)");
        assertThat(read.result()).isEqualTo("7");
        assertThat(read.sleep().on()).isEqualTo("tempsensor finished");
        assertThat(read.down()).extracting(Step::text).startsWith("trap: read").endsWith("sleep: tempsensor finished");
        assertThat(read.sleep().processor()).extracting(Step::text).containsExactly("switch to swapper/0");
        assertThat(read.sleep().device()).extracting(Step::text).containsExactly("measurement finished 21500");
        assertThat(read.wake())
                .extracting(Step::text)
                .startsWith("irq 16 raised, for cpu 0")
                .endsWith("wake up head/1: ready");
        assertThat(read.up())
                .extracting(Step::text)
                .startsWith("switch to head/1")
                .endsWith("= 7  \"21.500\\n\"");
    }

    @Test
    void theHandlerSaysOnTopOfWhomItRan() throws IOException {
        assertThat(read().wake())
                .filteredOn(step -> step.text().startsWith("irq 16 handler"))
                .extracting(Step::context)
                .containsExactly("hardirq on top of swapper/0, cpu 0");
    }

    @Test
    void theDrawingIsAU() throws IOException {
        assertThat(new Drawing(new Style(true, false), 100).draw(read())).isEqualTo(resource("read.unicode.txt"));
    }

    @Test
    void withoutUnicodeItIsOneOfPlainCharacters() throws IOException {
        String drawing = new Drawing(new Style(false, false), 80).draw(read());
        assertThat(drawing).isEqualTo(resource("read.ascii.txt")).matches("\\p{ASCII}*");
        assertThat(drawing.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void coloursChangeNothingButColours() throws IOException {
        String coloured = new Drawing(new Style(true, true), 100).draw(read());
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(resource("read.unicode.txt"));
    }

    @Test
    void aCallThatHasNotReturnedIsNoJourney() throws IOException {
        List<TraceRecord> trace = trace();
        assertThat(Journey.of(trace.subList(0, trace.size() - 1), HEAD)).isEmpty();
    }

    private static Journey read() throws IOException {
        List<Journey> journeys = Journey.of(trace(), HEAD);
        assertThat(journeys).hasSize(1);
        return journeys.getFirst();
    }

    private static List<TraceRecord> trace() throws IOException {
        return resource("read.trace").lines().map(JourneyTest::parse).toList();
    }

    private static TraceRecord parse(String line) {
        String[] field = line.split("\t", -1);
        return new TraceRecord(
                Long.parseLong(field[0]),
                Integer.parseInt(field[1]),
                Integer.parseInt(field[2]),
                field[3],
                field[4],
                TraceEvent.valueOf(field[5]),
                Long.parseLong(field[6]),
                Long.parseLong(field[7]),
                field[8]);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = JourneyTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
