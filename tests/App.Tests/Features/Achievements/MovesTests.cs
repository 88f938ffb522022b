using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Several sites, and people who move between them: what was counted is counted where, and when, they were.</summary>
public sealed class MovesTests
{
    /// <summary>Noon in Vilnius, 05:00 in New York, 23:00 in Auckland.</summary>
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        sites:
          - { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
          - { id: york, name: New York, zone: America/New_York }
          - { id: auckland, name: Auckland, zone: Pacific/Auckland }
        teams: [ { id: care }, { id: desk, site: york } ]
        people: [ { id: greta }, { id: jonas, site: york }, { id: rasa, team: desk } ]
        activity-types:
          - { id: case, person: optional, measures: { score: {} } }
        metrics:
          - { id: cases, types: [case] }
          - { id: score, types: [case], aggregate: average, measure: score }
          - { id: night, types: [case], where: [ { hours: 22:00-06:00 } ] }
          - { id: rating, external: true }
        achievements:
          - { id: day, type: threshold, metric: cases, at-least: 2, range: day, history: all }
          - { id: steady, type: threshold, metric: score, at-least: 1, sample: 2, range: day, history: all }
          - { id: owl, type: threshold, metric: night, at-least: 1, history: all }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, history: all }
        """;

    private int taken;

    [Fact]
    public async Task Work_falls_on_the_day_of_the_site_of_who_did_it()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        // 01:00 UTC on the 18th is the evening before in New York.
        await core.Take(Case("greta", "2026-11-18T01:00"), Case("jonas", "2026-11-18T01:00"), Case("rasa", "2026-11-18T01:00"),
            OfTeam("care", "2026-11-18T01:00"), OfTeam("desk", "2026-11-18T01:00"), OfTeam(null, "2026-11-18T23:00"));
        Days(core).ShouldBe(["greta 2026-11-18", "jonas 2026-11-17", "rasa 2026-11-17", "care 2026-11-18", "desk 2026-11-17",
            "nobody 2026-11-19"], ignoreOrder: true);
    }

    [Fact]
    public async Task Move_from_a_day_of_the_past_places_counted_work_anew_and_awards_follow()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "2026-11-16T23:00"), Case("greta", "2026-11-17T12:00"));
        core.Settle();
        Held(core).ShouldBe(["day greta 2026-11-17", "best greta 2026-11-17", "owl greta all"], ignoreOrder: true);
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-16 } ]").Select(c => c.ToString())
            .ShouldBe(["change person greta: site vilnius -> york; from nothing -> 2026-11-16"]);
        core.Settle();
        Days(core).ShouldBe(["greta 2026-11-16", "greta 2026-11-17"]);
        // One on each day: neither day has two, and the best of the 16th is now hers, too.
        Held(core).ShouldBe(["best greta 2026-11-16", "best greta 2026-11-17"], ignoreOrder: true);
        Flagged(core).ShouldBe(["day greta 2026-11-17", "owl greta all"], ignoreOrder: true);
        EarnedAt(core, "best", "2026-11-17").ShouldBe("2026-11-18 05:00");
        Verify(core);
    }

    [Fact]
    public async Task Move_changes_the_workday_of_an_award_that_keeps_its_moment_and_its_occasion()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup.Replace("achievements:",
            "achievements:\n  - { id: weekly, type: threshold, metric: cases, at-least: 1, range: day, repeat: week, history: all }",
            StringComparison.Ordinal));
        // Early on Tuesday in Vilnius, on Monday in New York.
        await core.Take(Case("greta", "2026-11-17T01:00"));
        core.Settle();
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-10 } ]");
        core.Settle();
        using var connection = core.Database.Read();
        var (first, last, occasion) = connection.QuerySingle<(int, int, string)>(
            "SELECT first, last, occasion FROM award WHERE achievement = (SELECT key FROM achievement WHERE id = 'weekly')");
        (new Workday(first).ToString(), new Workday(last).ToString(), occasion).ShouldBe(("2026-11-16", "2026-11-16", "2026-11-16"));
    }

    [Fact]
    public async Task Move_changes_the_hours_of_work_that_stays_on_its_day()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        // 23:00 in Vilnius, 16:00 in New York: the 16th here and there.
        await core.Take(Case("greta", "2026-11-16T21:00"));
        Held(core).ShouldContain("owl greta all");
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-10 } ]");
        core.Settle();
        Days(core).ShouldBe(["greta 2026-11-16"]);
        Flagged(core).ShouldBe(["owl greta all"]);
        Verify(core);
    }

    [Fact]
    public async Task Move_keeps_identity_version_and_link_of_counted_work()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var crm = new ExternalIdentity("crm", "1");
        var links = core.Services.GetRequiredService<LinkIdentity>();
        links.Run(crm, IdentityTarget.OfPerson("greta"), new Actor(null, "Ada", Via.Web));
        var sent = Case(crm.Awaited, "2026-11-16T23:00") with { Version = 3 };
        await core.Take(sent);
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-10 } ]");
        (await core.Take(sent)).Single().Outcome.ShouldBe(ItemOutcome.Duplicate);
        links.Run(crm, IdentityTarget.OfPerson("jonas"), new Actor(null, "Ada", Via.Web));
        core.Settle();
        Days(core).ShouldBe(["jonas 2026-11-16"]);
        (await core.Take(sent with { Version = 4, IsVoid = true, Measures = [] })).Single().Outcome.ShouldBe(ItemOutcome.Accepted);
        Days(core).ShouldBeEmpty();
        core.Settle();
        Verify(core);
    }

    [Fact]
    public async Task Move_leaves_an_external_value_on_the_day_that_it_is_of()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var values = core.Services.GetRequiredService<ExternalValues>();
        List<ExternalValue> sent =
            [new("greta", "2026-11-17", 5m), new("greta", "2026-11-17", 2m) { Type = ExternalValues.Cumulative, Id = "a" }];
        await values.Set("rating", sent, CancellationToken.None);
        core.Apply("people: [ { id: greta, site: auckland, from: 2026-11-01 } ]");
        core.Settle();
        Days(core).ShouldBe(["greta 2026-11-17", "greta 2026-11-17"]);
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-01 } ]");
        core.Settle();
        Days(core).ShouldBe(["greta 2026-11-17", "greta 2026-11-17"]);
        (await values.Set("rating", [sent[1]], CancellationToken.None))!.Single().Outcome.ShouldBe(ItemOutcome.Duplicate);
        // A total stands for all that was added to its day.
        (await values.Set("rating", [new("greta", "2026-11-17", 4m)], CancellationToken.None))!.Single().Outcome
            .ShouldBe(ItemOutcome.Accepted);
        Days(core).ShouldBe(["greta 2026-11-17"]);
        core.Settle();
        Verify(core);
    }

    [Fact]
    public async Task Move_to_come_leaves_the_closing_of_today_alone()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Rated("jonas", "2026-11-17T15:00"), Rated("jonas", "2026-11-17T16:00"));
        core.Settle();
        Held(core).ShouldContain("steady jonas 2026-11-17");
        // In Auckland the 18th is nearly over; in New York, where Jonas is, it has just begun.
        core.Apply("people: [ { id: jonas, site: auckland, from: 2026-12-01 } ]");
        core.Time.Set(new(2026, 11, 18, 15, 0, 0, TimeSpan.Zero));
        await core.Take(Rated("jonas", "2026-11-18T13:00"), Rated("jonas", "2026-11-18T14:00"));
        core.Settle();
        Held(core).ShouldNotContain("steady jonas 2026-11-18");
        core.Time.Set(new(2026, 11, 19, 8, 0, 0, TimeSpan.Zero));
        core.Settle();
        EarnedAt(core, "steady", "2026-11-18").ShouldBe("2026-11-19 05:00");
        Verify(core);
    }

    [Fact]
    public async Task Contest_over_several_sites_closes_with_the_last_and_is_earned_where_the_winner_is()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "2026-11-18T09:00"), Case("jonas", "2026-11-18T09:30"), Case("jonas", "2026-11-18T09:31"));
        // Over in Vilnius and long in Auckland, with the grace time; not in New York.
        core.Time.Set(new(2026, 11, 19, 6, 0, 0, TimeSpan.Zero));
        core.Settle();
        Held(core).ShouldNotContain("best jonas 2026-11-18");
        core.Time.Set(new(2026, 11, 19, 7, 0, 0, TimeSpan.Zero));
        core.Settle();
        Held(core).ShouldContain("best jonas 2026-11-18");
        EarnedAt(core, "best", "2026-11-18").ShouldBe("2026-11-19 05:00");
    }

    [Fact]
    public async Task Site_that_is_added_reopens_nothing_that_has_closed_everywhere()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "2026-11-17T09:00"));
        core.Time.Set(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero));
        core.Settle();
        Held(core).ShouldContain("best greta 2026-11-17");
        // There it is still the 17th.
        core.Apply("sites: [ { id: pago, zone: Pacific/Pago_Pago } ]");
        core.Settle();
        Verify(core);
        await core.Take(Case("rasa", "2026-11-17T09:00"), Case("rasa", "2026-11-17T09:01"));
        core.Settle();
        Held(core).ShouldContain("best rasa 2026-11-17");
        Verify(core);
    }

    [Fact]
    public async Task Site_that_is_added_while_a_closing_is_still_to_be_looked_at_holds_it_back_no_longer()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "2026-11-18T09:00"));
        core.Settle();
        // The 18th has been over everywhere for half an hour; in the new site's zone it is for six hours more.
        core.Time.Set(new(2026, 11, 19, 7, 30, 0, TimeSpan.Zero));
        core.Apply("sites: [ { id: pago, zone: Pacific/Pago_Pago } ]");
        core.Settle();
        Held(core).ShouldContain("best greta 2026-11-18");
        Verify(core);
    }

    [Fact]
    public async Task Site_that_is_added_has_starts_to_come_of_its_own()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "2026-11-18T09:00"));
        // Another version from tomorrow on, and then somebody who sees tomorrow later than everybody else.
        core.Apply("achievements: [ { id: all, type: threshold, metric: cases, at-least: 9, history: all } ]");
        core.Apply("achievements: [ { id: all, type: threshold, metric: cases, at-least: 1, history: all } ]");
        core.Apply("""
            sites: [ { id: pago, zone: Pacific/Pago_Pago } ]
            people: [ { id: greta, site: pago } ]
            """);
        core.Time.Set(new(2026, 11, 19, 10, 59, 0, TimeSpan.Zero));
        core.Settle();
        Held(core).ShouldNotContain("all greta all");
        core.Time.Set(new(2026, 11, 19, 11, 0, 0, TimeSpan.Zero));
        core.Settle();
        EarnedAt(core, "all", "once").ShouldBe("2026-11-19 11:00");
        Verify(core);
    }

    [Fact]
    public async Task Version_of_tomorrow_judges_nobody_before_it_begins_where_the_work_was_done()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup + """

              - { id: all, type: threshold, metric: cases, at-least: 1, history: all }
            """);
        core.Apply("people: [ { id: tama, site: auckland } ]");
        // Late on the 18th there; somebody's clock is ahead, at 05:00 of the 19th. In Vilnius the 19th begins six hours later.
        await core.Take(Case("tama", "2026-11-18T16:00"));
        core.Settle();
        Held(core).ShouldContain("all tama all");
        core.Apply("achievements: [ { id: all, type: threshold, metric: cases, at-least: 5, history: all } ]");
        core.Settle();
        Held(core).ShouldNotContain("all tama all");
        Verify(core);
    }

    [Fact]
    public async Task Enabled_today_begins_at_each_site_with_its_own_day()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero), Setup);
        core.Apply("achievements: [ { id: gap, type: threshold, metric: cases, at-least: 1, history: all } ]");
        core.Apply("achievements: [ { id: gap, type: threshold, metric: cases, at-least: 1, history: all, enabled: false } ]");
        core.Time.Set(new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero));
        await core.Take(Case("jonas", "2026-11-19T15:00"));
        core.Settle();
        // The 20th in Vilnius, still the 19th in New York: what is enabled now begins there three hours later.
        core.Apply("achievements: [ { id: gap, type: threshold, metric: cases, at-least: 1, history: all } ]");
        core.Settle();
        Held(core).ShouldNotContain("gap jonas all");
        Verify(core);
        core.Time.Set(new(2026, 11, 20, 5, 0, 0, TimeSpan.Zero));
        core.Settle();
        EarnedAt(core, "gap", "once").ShouldBe("2026-11-20 05:00");
        Verify(core);
    }

    [Fact]
    public async Task Site_of_a_team_that_changes_places_its_own_work_anew()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(OfTeam("care", "2026-11-18T01:00"), Case("greta", "2026-11-18T01:00"));
        core.Apply("teams: [ { id: care, site: york } ]").Single().ToString().ShouldBe("change team care: site vilnius -> york");
        core.Settle();
        Days(core).ShouldBe(["care 2026-11-17", "greta 2026-11-18"], ignoreOrder: true);
        using (var c = core.Database.Read())
            c.Query<int>("SELECT day FROM team_rollup WHERE count > 0").Select(d => new Workday(d).ToString()).Distinct()
                .ShouldBe(["2026-11-17"]);
        Verify(core);
    }

    /// <summary>A metric that is being built has only what lies behind its mark, and adds the rest itself.</summary>
    [Fact]
    public async Task Move_while_a_metric_is_being_built_counts_nothing_twice()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "2026-11-16T23:00"));
        await core.Take(Case("greta", "2026-11-17T12:00"));
        core.Settle();
        core.Database.Write((c, t) =>
        {
            var (metric, mark) = (c.ExecuteScalar<long>("SELECT key FROM metric WHERE id = 'cases'", transaction: t),
                c.ExecuteScalar<long>("SELECT min(key) FROM activity", transaction: t));
            c.Execute("UPDATE metric SET ready = 0, built_through = @mark WHERE key = @metric", new { metric, mark }, t);
            c.Execute("UPDATE rollup SET count = 1, sum = 1000 WHERE metric = @metric", new { metric }, t);
            Rulebook.TouchRules(c, t);
            WorkQueue.Enqueue(c, t, BuildMetric.Kind, $"{metric}", 0);
        });
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-10 } ]");
        core.Apply("people: [ { id: greta, site: vilnius, from: 2026-11-10 } ]");
        core.Settle();
        Verify(core);
    }

    [Fact]
    public async Task Person_without_a_site_is_at_that_of_the_team()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        Site(core, "rasa").ShouldBe("york");
        Site(core, "greta").ShouldBe("vilnius");
        core.Apply("people: [ { id: rasa, team: care, from: 2026-11-20 } ]").Single().ToString()
            .ShouldBe("change person rasa: team desk -> care; from nothing -> 2026-11-20");
        Site(core, "rasa").ShouldBe("york");
    }

    private IncomingActivity Case(string person, string at) => new(
        "desk", ActivityId.Of($"c{++taken}"), "case", person, null,
        DateTimeOffset.Parse(at + "Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), [], []);

    private IncomingActivity Rated(string person, string at) => Case(person, at) with { Measures = [new("score", new Amount(2000))] };
    private IncomingActivity OfTeam(string? team, string at) => Case("", at) with { Person = null, Team = team };

    private static List<string> Days(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Who, int Day)>(
            """
            SELECT coalesce(p.id, t.id, 'nobody'), a.day FROM activity a
            LEFT JOIN person p ON p.key = a.person LEFT JOIN team t ON t.key = a.team ORDER BY a.at, a.key
            """).Select(a => $"{a.Who} {new Workday(a.Day)}")];
    }

    private static List<string> Held(CoreFixture core) => Awards(core, "IS NULL");
    private static List<string> Flagged(CoreFixture core) => Awards(core, "IS NOT NULL");

    private static List<string> Awards(CoreFixture core, string flagged)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string, string, string)>(
            $"""
            SELECT a.id, p.id, w.occasion FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person
            WHERE w.flagged_at {flagged} AND w.tier <= 1
            """).Select(w => $"{w.Item1} {w.Item2} {Laurel.Engine.Achievements.Occasion.Printed(w.Item3)}").Distinct()];
    }

    private static string EarnedAt(CoreFixture core, string achievement, string occasion)
    {
        using var c = core.Database.Read();
        return DateTimeOffset.FromUnixTimeMilliseconds(c.QueryFirst<long>(
            """
            SELECT w.earned_at FROM award w JOIN achievement a ON a.key = w.achievement
            WHERE a.id = @achievement AND w.occasion = @occasion AND w.flagged_at IS NULL
            """, new { achievement, occasion })).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Site(CoreFixture core, string person)
    {
        using var c = core.Database.Read();
        return c.QuerySingle<string>(
            "SELECT s.id FROM person_site ps JOIN site s ON s.key = ps.site JOIN person p ON p.key = ps.person WHERE p.id = @person",
            new { person });
    }

    private static void Verify(CoreFixture core)
    {
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        differences.ShouldBeEmpty();
    }
}
