using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Settings;

public sealed class SetupWriterTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);

    /// <summary>Every kind of thing, and texts that YAML would take for something else.</summary>
    private const string Everything = """
        site: { id: vilnius, name: "Vilnius: the office", zone: Europe/Vilnius }
        week-start: sunday
        colleagues-badges: own-team
        teams: [ { id: care, name: "#1" }, { id: empty } ]
        people:
          - { id: greta, name: "yes", team: care, role: leader, email: greta@example.org, invented: true }
          - { id: 'O.42', name: "- dash" }
        projects: [ { id: spring, name: "1" }, { id: 'no 7', active: false } ]
        identities:
          - { provider: crm, external: "4711", project: 'no 7' }
          - { provider: crm, external: "4711", person: greta }
          - { provider: crm, external: "no", ignored: true }
          - { provider: phone, external: "+370 5", team: care }
        activity-types:
          - { id: case, name: { en: Case, lt: Užklausa }, measures: { talk: { unit: seconds, negative: false }, score: {} },
              labels: [kind, 'null'] }
          - { id: lost, person: optional, measures: { waited: { name: { en: Waited, lt: Laukta } }, left: { name: "1" } },
              labels: { stage: { name: Stage, values: { '3 - x': { en: "#3", lt: Trys }, 'no': "yes" } }, bare: , empty: {},
                kind: { values: { a: b } } } }
        metrics:
          - { id: cases, name: { en: Cases, lt: Užklausos }, types: [case, lost] }
          - { id: talk, types: [case], unit: seconds, direction: lower, aggregate: average, measure: talk,
              where: [ { label: kind, is: [PS, '12'] }, { label: kind, is-not: "true" }, { measure: score, above: -1.5 },
                { measure: talk, at-most: 20 } ] }
          - { id: per-case, unit: percent, aggregate: ratio, numerator: talk-sum, denominator: cases }
          - { id: most, types: [case], aggregate: maximum, measure: talk }
          - { id: least, types: [case], aggregate: minimum, measure: talk }
          - { id: kinds, types: [case], aggregate: distinct, label: kind }
          - { id: talk-sum, types: [case], aggregate: sum, measure: talk }
          - { id: late, types: [case], where: [ { weekday: [sunday, saturday, sunday] }, { hours: "22:00-6:30" } ] }
          - { id: csat, name: { en: CSAT, lt: Pasitenkinimas }, external: true, unit: percent, aggregate: average }
          - { id: evening, types: [case], where: [ { hours: 18:00-24:00 }, { weekday: monday } ] }
        achievements:
          - { id: ace, type: threshold, metric: cases, at-least: [5, 7.5, 10], range: week, repeat: month, history: all, visibility: hidden,
              name: { en: Ace, lt: Asas }, description: "Well: done", area: sales, badge: ace-resolver }
          - { id: both, type: threshold, range: month, history: 2026-10-01, enabled: false,
              conditions: [ { metric: cases, at-least: [5, 10] }, { metric: talk, at-most: 120, sample: 7 } ] }
          - { id: best, type: best-of-period, metric: talk, period: last-7-days, best: lowest, minimum: 3.5, ties: earliest }
          - { id: day, type: best-of-period, metric: cases, period: yesterday }
          - { id: again, type: threshold, metric: cases, at-least: 1, repeat: every-time }
          - { id: record, type: personal-record, metric: talk, range: month, best: highest, after: 4, minimum: 2.5, sample: 3,
              repeat: once }
          - { id: low, type: personal-record, metric: talk, range: day }
          - { id: better, type: improvement, metric: cases, range: week, percent: [5, 12.5], repeat: month }
          - { id: row, type: streak, metric: cases, at-least: 3, length: [3, 5, 10], repeat: every-time }
          - { id: rows, type: streak, range: week, length: 4, history: all,
              conditions: [ { metric: cases, at-least: 20 }, { metric: talk, at-most: 300, sample: 9 } ] }
          - { id: first, type: first-time, activities: [case, lost], history: all }
          - { id: thanks, type: manual }
        """;

    [Theory]
    [InlineData("bank-calls")]
    [InlineData("incidents")]
    [InlineData(null)]
    public async Task Write_gives_a_file_that_makes_the_same_elsewhere_and_changes_nothing_here(string? sample)
    {
        var setup = sample is null ? Everything : await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "samples", sample, "setup.yaml"));
        await using var here = await CoreFixture.Start(Wednesday, setup);
        var file = Written(here);
        here.Apply(file).ShouldBeEmpty();

        await using var elsewhere = await CoreFixture.Start(Wednesday, file);
        Written(elsewhere).ShouldBe(file);
        elsewhere.Apply(setup).ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_of_nothing_says_what_is_declared_everywhere()
    {
        await using var core = await CoreFixture.Start(Wednesday);
        var problems = new YamlProblems("setup.yaml");
        var written = new SetupReader(problems).Read(Written(core))!;
        problems.InOrder().ShouldBeEmpty();
        written.Types.Select(type => type.Type.Id).ShouldBe(DeclareOwnTypes.Ids, ignoreOrder: true);
        core.Apply(Written(core)).ShouldBeEmpty();
        core.Apply("{}\n").ShouldBeEmpty();
    }

    private static string Written(CoreFixture core)
    {
        using var connection = core.Database.Read();
        using var view = core.Database.Snapshot(connection);
        return new SetupWriter(connection, view, core.Time.GetUtcNow().ToUnixTimeMilliseconds()).Write();
    }
}
