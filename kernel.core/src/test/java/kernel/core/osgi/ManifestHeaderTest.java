// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kernel.core.osgi.ManifestHeader.Clause;
import org.junit.jupiter.api.Test;

/** Headers as bnd writes them. */
class ManifestHeaderTest {
    @Test
    void clausesHaveNamesAttributesAndDirectives() {
        List<Clause> clauses =
                ManifestHeader.parse("a.b;c.d;version=\"[1.0,2)\";resolution:=optional,e.f;uses:=\"a.b,c.d\"");
        assertThat(clauses).hasSize(2);
        assertThat(clauses.getFirst().names()).containsExactly("a.b", "c.d");
        assertThat(clauses.getFirst().attribute("version")).isEqualTo("[1.0,2)");
        assertThat(clauses.getFirst().attribute("resolution:")).isEqualTo("optional");
        assertThat(clauses.getLast().attribute("uses:")).isEqualTo("a.b,c.d");
    }

    @Test
    void quotedValuesMayHoldSeparatorsAndQuotes() {
        Clause clause = ManifestHeader.parse("tempsensor;description=\"One, two; a=b \\\"three\\\"\" ; license=GPL")
                .getFirst();
        assertThat(clause.name()).isEqualTo("tempsensor");
        assertThat(clause.attribute("description")).isEqualTo("One, two; a=b \"three\"");
        assertThat(clause.attribute("license")).isEqualTo("GPL");
    }

    @Test
    void nothingHasNoClauses() {
        assertThat(ManifestHeader.parse(null)).isEmpty();
        assertThat(ManifestHeader.parse(" ")).isEmpty();
    }

    @Test
    void anAttributeThatIsNotThereIsEmpty() {
        assertThat(ManifestHeader.parse("a").getFirst().attribute("b")).isEmpty();
    }
}
