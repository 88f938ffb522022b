using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Settings;

/// <summary>Several sites in a setup file, and moves between them.</summary>
public sealed class ApplySitesTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);

    private const string Two = """
        sites:
          - { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
          - { id: york, name: New York, zone: America/New_York }
        teams: [ { id: care, name: Care, site: york } ]
        people:
          - { id: greta, name: Greta }
          - { id: jonas, name: Jonas, site: york }
          - { id: rasa, name: Rasa, team: care }
        activity-types: [ { id: case, person: optional } ]

        """;

    [Fact]
    public async Task Export_of_several_sites_is_read_back_without_a_change()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        var export = Export(core);
        export.ShouldContain("sites:\n- id: vilnius\n  name: Vilnius\n  zone: Europe/Vilnius\n- id: york");
        export.ShouldContain("- id: care\n  name: Care\n  site: york");
        export.ShouldContain("- id: rasa\n  name: Rasa\n  site: york\n  team: care");
        core.Apply(export).ShouldBeEmpty();
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-20 } ]");
        core.Apply(Export(core)).ShouldBeEmpty();
        await using var other = await CoreFixture.Start(Wednesday, export);
        Export(other).ShouldBe(export);
    }

    /// <summary>21:00 UTC on the eve: the day of the move in Vilnius, and the day before in New York.</summary>
    [Fact]
    public async Task Export_on_the_eve_of_a_move_is_read_back_without_a_change()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-20 }, { id: jonas, site: vilnius, from: 2026-11-20 } ]");
        foreach (var hour in (int[])[20, 23, 28, 30])
        {
            core.Time.Set(new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero).AddHours(hour));
            core.Apply(Export(core)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Export_of_one_site_stays_short()
    {
        await using var core = await CoreFixture.Start(Wednesday, """
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            teams: [ { id: care } ]
            people: [ { id: greta, team: care } ]
            """);
        Export(core).ShouldStartWith("site:\n  id: vilnius");
        Export(core).ShouldNotContain("site: vilnius");
    }

    [Fact]
    public async Task Move_is_told_with_its_day_and_asked_for_again_is_none()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        const string Move = "people: [ { id: greta, name: Greta, site: york, from: 2026-11-20 } ]";
        core.Apply(Move, plan: true).Single().ToString()
            .ShouldBe("change person greta: site vilnius -> york; from nothing -> 2026-11-20");
        core.Apply(Move).Count.ShouldBe(1);
        core.Apply(Move).ShouldBeEmpty();
        core.Apply("people: [ { id: jonas, name: Jonas, site: vilnius } ]").Single().ToString()
            .ShouldBe("change person jonas: site york -> vilnius; from nothing -> 2026-11-18");
        using var c = core.Database.Read();
        c.Query<string>("SELECT action || ' ' || object FROM audit WHERE action = 'person.changed' ORDER BY key")
            .ShouldBe(["person.changed greta", "person.changed jonas"]);
        c.Query<(string, int)>(
            """
            SELECT s.id, ps.from_day FROM person_site ps JOIN site s ON s.key = ps.site JOIN person p ON p.key = ps.person
            WHERE p.id = 'greta' ORDER BY ps.from_day
            """).ShouldBe([("vilnius", Workday.Beginning.Number), ("york", Workday.Of(2026, 11, 20).Number)]);
    }

    [Fact]
    public async Task Move_that_is_taken_back_leaves_no_trace_in_the_dates()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-20 } ]");
        core.Apply("people: [ { id: greta, site: vilnius, from: 2026-11-20 } ]");
        using var c = core.Database.Read();
        c.ExecuteScalar<int>("SELECT count(*) FROM person_site ps JOIN person p ON p.key = ps.person WHERE p.id = 'greta'").ShouldBe(1);
    }

    [Fact]
    public async Task Unknown_sites_are_told_with_line_column_and_a_suggestion()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        core.ProblemsOf("""
            teams: [ { id: care, site: yrok } ]
            people:
              - { id: greta, site: vilnus, from: tomorrow }
            """).ShouldBe([
            "1:28: there is no site 'yrok' (did you mean 'york'?)",
            "3:24: there is no site 'vilnus' (did you mean 'vilnius'?)",
            "3:38: 'tomorrow' is not a date such as 2026-01-31"]);
    }

    [Fact]
    public async Task Site_that_the_file_says_wrongly_is_no_second_mistake()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        core.ProblemsOf("""
            sites: [ { id: oslo, zone: Europe/Olso } ]
            people: [ { id: greta, site: oslo } ]
            """).Single().ShouldStartWith("1:28: 'Europe/Olso' is not a time zone");
    }

    [Fact]
    public async Task Site_and_sites_in_one_file_are_a_problem()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two);
        core.ProblemsOf("""
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            sites: [ { id: york, name: New York, zone: America/New_York } ]
            """).ShouldBe(["1:7: 'site' is short for 'sites' with one; write one of the two"]);
        core.ProblemsOf("site: { id: yrok, name: New York, zone: America/New_York }")
            .ShouldBe(["1:7: there is no site 'yrok' (did you mean 'york'?); new ones are listed under 'sites'"]);
    }

    [Fact]
    public async Task Zone_of_a_site_where_nobody_has_been_may_change_while_there_are_activities()
    {
        await using var core = await CoreFixture.Start(Wednesday, Two + "achievements: []\n");
        core.Apply("sites: [ { id: oslo, zone: Europe/Oslo } ]");
        await core.Take(new IncomingActivity(
            "desk", ActivityId.Of("1"), "case", "greta", null, Wednesday.ToUnixTimeMilliseconds(), [], []));
        core.Apply("sites: [ { id: oslo, zone: Europe/London } ]").Single().ToString()
            .ShouldBe("change site oslo: zone Europe/Oslo -> Europe/London");
        core.ProblemsOf("sites: [ { id: york, name: New York, zone: America/Chicago } ]")
            .ShouldBe(["1:10: the zone cannot change while there are activities: their workdays are decided"]);
        core.ProblemsOf("sites: [ { id: vilnius, name: Vilnius, zone: Europe/Riga } ]").Count.ShouldBe(1);
    }

    private static string Export(CoreFixture core)
    {
        using var connection = core.Database.Read();
        using var view = core.Database.Snapshot(connection);
        return new SetupWriter(connection, view, core.Time.GetUtcNow().ToUnixTimeMilliseconds()).Write();
    }
}
