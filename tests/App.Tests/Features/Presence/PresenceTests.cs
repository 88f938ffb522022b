using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Retention;
using Laurel.App.Features.Settings;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Presence;

/// <summary>Status changes become segments, and these feed metrics and badges, whatever is done to the changes.</summary>
public sealed class PresenceTests
{
    /// <summary>14:00 in Vilnius.</summary>
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 12, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        sites:
          - { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
          - { id: york, name: New York, zone: America/New_York }
        people: [ { id: greta }, { id: jonas } ]
        presence:
          statuses:
            online: online
            chat: { counts: online, name: { en: In a chat, lt: Pokalbyje } }
            lunch: pause
            short: { counts: pause, online: true }
            offline: offline
        activity-types: [ { id: case } ]
        metrics:
          - { id: time-online, unit: seconds, types: [presence-segment], aggregate: sum, measure: online }
          - { id: pause-time, unit: seconds, types: [presence-segment], aggregate: sum, measure: pause }
          - { id: pauses, types: [presence-segment], aggregate: sum, measure: pauses }
          - { id: lunch, unit: seconds, types: [presence-segment], aggregate: sum, measure: seconds,
              where: [ { label: status, is: lunch } ] }
          - { id: cases, types: [case] }
        achievements:
          - { id: six, type: threshold, metric: time-online, at-least: 21600, range: day, history: all }
          - { id: hard, type: best-of-period, metric: time-online, period: yesterday, history: all }
          - { id: row, type: streak, metric: cases, at-least: 1, length: 2, history: all }
        """;

    private int sent;

    [Fact]
    public async Task Changes_of_a_day_feed_time_online_pause_time_and_the_number_of_pauses()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "17T07:00 online", "17T09:00 chat", "17T10:00 lunch", "17T10:30 online", "17T12:00 short",
            "17T12:05 online", "17T15:00 offline");
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 27000"]);
        Values(core, "pause-time").ShouldBe(["greta 2026-11-17 2100"]);
        Values(core, "pauses").ShouldBe(["greta 2026-11-17 2"]);
        Values(core, "lunch").ShouldBe(["greta 2026-11-17 1800"]);
        core.Settle();
        // The sixth hour is full within the stretch that ends at 15:00: that is when it is known.
        Awards(core).ShouldBe(["six greta 2026-11-17 earned 14:59:59.999", "hard greta 2026-11-17 earned 22:00:00.000"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Shuffled_and_repeated_changes_come_to_the_same()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        IncomingActivity[] day =
        [
            Change("greta", "17T07:00 online", "a"), Change("greta", "17T10:00 lunch", "b"), Change("greta", "17T10:30 online", "c"),
            Change("greta", "17T15:00 offline", "d"),
        ];
        foreach (var i in (int[])[2, 0, 3, 0, 1, 2]) await core.Take(day[i]);
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 27000"]);
        Segments(core).ShouldBe(["greta online 07:00 3:00:00", "greta lunch 10:00 0:30:00", "greta online 10:30 4:30:00"]);
        Verify(core);
    }

    [Fact]
    public async Task Corrected_and_voided_changes_are_followed_and_the_award_is_flagged()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Change("greta", "17T07:00 online", "a"), Change("greta", "17T14:00 offline", "b"));
        Awards(core).Single().ShouldStartWith("six greta");
        await core.Take(Change("greta", "17T11:00 offline", "b") with { Version = 1 });
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 14400"]);
        Awards(core).ShouldBe(["six greta 2026-11-17 flagged"]);
        await core.Take(Change("greta", "17T07:00 online", "a") with { Version = 1, IsVoid = true, Labels = [] });
        Values(core, "time-online").ShouldBeEmpty();
        Segments(core).ShouldBeEmpty();
        core.Settle();
        Verify(core);
    }

    [Fact]
    public async Task Correction_that_gives_a_change_to_somebody_else_moves_the_time()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Change("greta", "17T07:00 online", "a"), Change("greta", "17T09:00 lunch", "b"),
            Change("greta", "17T11:00 offline", "c"));
        await core.Take(Change("jonas", "17T09:00 lunch", "b") with { Version = 1 }, Change("jonas", "17T10:00 offline", "d"));
        Segments(core).ShouldBe(["greta online 07:00 4:00:00", "jonas lunch 09:00 1:00:00"]);
        Verify(core);
    }

    [Fact]
    public async Task What_is_open_counts_from_midnight_on_and_is_shown_before()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "18T06:00 online");
        core.Settle();
        Values(core, "time-online").ShouldBeEmpty();
        core.Time.Set(At("18T21:59"));
        core.Settle();
        Values(core, "time-online").ShouldBeEmpty();
        core.Time.Set(At("18T22:00"));
        core.Settle();
        Values(core, "time-online").ShouldBe(["greta 2026-11-18 57600"]);
        Awards(core).ShouldBe(["six greta 2026-11-18 earned 21:59:59.999"]);
        await Say(core, "greta", "18T22:30 offline");
        Values(core, "time-online").ShouldBe(["greta 2026-11-18 57600", "greta 2026-11-19 1800"]);
        Verify(core);
        core.Time.Advance(TimeSpan.FromDays(3));
        core.Settle();
        Values(core, "time-online").Count.ShouldBe(2);
        Verify(core);
    }

    [Fact]
    public async Task What_nobody_ended_ends_after_a_day_however_long_Laurel_was_off()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "18T08:00 online");
        core.Time.Advance(TimeSpan.FromDays(12));
        await core.Restart();
        core.Settle();
        Values(core, "time-online").ShouldBe(["greta 2026-11-18 50400", "greta 2026-11-19 36000"]);
        Verify(core);
    }

    [Fact]
    public async Task Status_that_is_said_again_holds_on_and_is_closed_at_midnight_once()
    {
        await using var core = await CoreFixture.Start(Wednesday,
            Setup.Replace("presence:", "presence:\n  longest-hours: 2", StringComparison.Ordinal));
        for (var hour = 12; hour < 24; hour++)
        {
            core.Time.Set(At($"18T{hour:00}:00"));
            await Say(core, "greta", $"18T{hour:00}:00 lunch");
            core.Settle();
        }
        core.Time.Set(At("19T03:00"));
        core.Settle();
        Values(core, "pauses").ShouldBe(["greta 2026-11-18 1", "greta 2026-11-19 0"]);
        // Midnight is at 22:00; the last hour's word held until 01:00.
        Values(core, "pause-time").ShouldBe(["greta 2026-11-18 36000", "greta 2026-11-19 10800"]);
        Verify(core);
    }

    [Fact]
    public async Task Late_change_within_a_closed_day_decides_that_day_anew()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "16T07:00 online", "16T12:00 offline");
        await Say(core, "jonas", "16T07:00 online", "16T11:00 offline");
        core.Settle();
        Awards(core).ShouldBe(["hard greta 2026-11-16 earned 22:00:00.000"]);
        await Say(core, "greta", "16T08:00 lunch");
        core.Settle();
        Awards(core).ShouldBe(["hard greta 2026-11-16 flagged", "hard jonas 2026-11-16 earned 22:00:00.000"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Move_of_a_past_day_cuts_at_the_midnights_of_the_other_site()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "16T20:00 online", "17T06:00 offline");
        Values(core, "time-online").ShouldBe(["greta 2026-11-16 7200", "greta 2026-11-17 28800"]);
        core.Apply("people: [ { id: greta, site: york, from: 2026-11-10 } ]");
        core.Settle();
        Values(core, "time-online").ShouldBe(["greta 2026-11-16 32400", "greta 2026-11-17 3600"]);
        Verify(core);
    }

    [Fact]
    public async Task Changes_by_an_external_identity_wait_and_go_with_it()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var pbx = new ExternalIdentity("pbx", "204");
        (await core.Take(Change(pbx.Awaited, "17T07:00 online"), Change(pbx.Awaited, "17T09:00 offline"))).Select(r => r.Outcome)
            .ShouldBe([ItemOutcome.Held, ItemOutcome.Held]);
        var links = core.Services.GetRequiredService<LinkIdentity>();
        links.Run(pbx, IdentityTarget.OfPerson("greta"), new Actor(null, "Ada", Via.Web));
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 7200"]);
        links.Run(pbx, IdentityTarget.OfPerson("jonas"), new Actor(null, "Ada", Via.Web));
        Values(core, "time-online").ShouldBe(["jonas 2026-11-17 7200"]);
        links.Run(pbx, IdentityTarget.Unlinked, new Actor(null, "Ada", Via.Web));
        Values(core, "time-online").ShouldBeEmpty();
        Verify(core);
    }

    [Fact]
    public async Task Import_that_is_taken_back_takes_its_time_back()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "17T07:00 online", "17T09:00 offline");
        var imports = core.Services.GetRequiredService<Database>();
        var run = imports.Write((c, t) => c.ExecuteScalar<long>(
            """
            INSERT INTO import (source, mapping, mapping_sha256, files, begun_by, begun_at, after_activity)
            VALUES ('pbx', 'm', '', '[]', 'Ada', 0, 0) RETURNING key
            """, transaction: t));
        await core.Take(Change("greta", "17T08:00 lunch") with { Import = run });
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 3600"]);
        var store = ActivatorUtilities.CreateInstance<ImportStore>(core.Services);
        ActivatorUtilities.CreateInstance<UndoImport>(core.Services, store)
            .Run(store.Find(run)!, new Actor(null, "Ada", Via.Web), _ => { }, CancellationToken.None);
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 7200"]);
        Verify(core);
    }

    [Theory]
    [InlineData("presence", "pbx", "status=lunhc", "status 'lunhc' is not declared (did you mean 'lunch'?)")]
    [InlineData("presence", "pbx", null, "type 'presence' needs the label 'status'")]
    [InlineData("presence-segment", "pbx", "status=lunch",
        "type 'presence-segment' is Laurel's own: send 'presence', and it counts the time between")]
    [InlineData("presence", "laurel:presence", "status=lunch", "source 'laurel:presence' is Laurel's own")]
    [InlineData("presence", "pbx", "colour=red", "type 'presence' declares no label 'colour'")]
    public async Task Door_refuses_what_is_no_change_to_a_status(string type, string source, string? label, string reason)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var change = Change("greta", "17T07:00 online") with
        {
            Type = type,
            Source = source,
            Labels = label is null ? [] : [new(label.Split('=')[0], label.Split('=')[1])],
        };
        (await core.Take(change)).Single().ShouldBe(ItemResult.Rejected(reason));
    }

    [Fact]
    public async Task Segment_cannot_be_taken_back_from_outside()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "17T07:00 online", "17T09:00 offline");
        using (var connection = core.Database.Read())
        {
            var id = connection.QuerySingle<byte[]>(
                "SELECT a.id FROM activity a JOIN activity_type t ON t.key = a.type WHERE t.id = 'presence-segment'");
            (await core.Take(new IncomingActivity("laurel:presence", ActivityId.FromBytes(id), "case", "greta", null,
                Wednesday.ToUnixTimeMilliseconds(), [], [])
            { IsVoid = true, Version = 9 })).Single().Outcome.ShouldBe(ItemOutcome.Rejected);
        }
        Values(core, "time-online").ShouldBe(["greta 2026-11-17 7200"]);
    }

    [Fact]
    public async Task Door_without_statuses_knows_no_presence()
    {
        await using var core = await CoreFixture.Start(Wednesday, "site: { id: v, zone: Europe/Vilnius }\npeople: [ { id: greta } ]");
        (await core.Take(Change("greta", "17T07:00 online"))).Single().ShouldBe(ItemResult.Rejected("type 'presence' is not declared"));
    }

    [Fact]
    public async Task Status_that_comes_to_mean_something_else_is_counted_anew()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "12T07:00 online", "12T09:00 lunch", "12T10:00 offline", "17T07:00 lunch", "17T08:00 offline");
        core.Apply("presence: { statuses: { lunch: { counts: pause, online: true } } }").Select(c => c.ToString())
            .ShouldBe(["change status lunch: counts pause -> pause, online"]);
        core.Settle();
        Values(core, "time-online").ShouldBe(["greta 2026-11-12 10800", "greta 2026-11-17 3600"]);
        core.Apply("presence: { statuses: { lunch: offline } }");
        core.Settle();
        Values(core, "time-online").ShouldBe(["greta 2026-11-12 7200"]);
        Values(core, "pauses").ShouldBeEmpty();
        Verify(core);
    }

    [Fact]
    public async Task Time_that_was_carried_over_the_horizon_stays()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Change("greta", "2026-06-30T20:00 online"), Change("greta", "2026-07-01T06:00 lunch"),
            Change("greta", "2026-07-01T07:00 offline"));
        core.Settle();
        core.Services.GetRequiredService<Horizon>().Move(Workday.Of(2026, 7, 1), new Actor(null, "Ada", Via.Web)).ShouldBeNull();
        Verify(core);
        core.Settle();
        Values(core, "time-online").ShouldBe(["greta 2026-06-30 3600", "greta 2026-07-01 32400"]);
        Verify(core);
        // A late change within it cuts it short.
        await core.Take(Change("greta", "2026-07-01T05:00 offline"));
        Values(core, "time-online").ShouldBe(["greta 2026-06-30 3600", "greta 2026-07-01 28800"]);
        Verify(core);
    }

    [Fact]
    public async Task Going_offline_after_midnight_makes_no_workday()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "14T10:00"), Case("greta", "16T10:00"));
        await Say(core, "greta", "14T21:00 online", "14T21:50 offline", "14T22:30 offline");
        core.Settle();
        Awards(core).ShouldContain(a => a.StartsWith("row greta", StringComparison.Ordinal));
        Verify(core);
    }

    [Theory]
    // Nobody logged off on Saturday evening: the status ran out on Sunday, a day off.
    [InlineData(true, "14T09:00 online")]
    // Logged off on Sunday morning, as by a night shift: a workday, on which no case was solved.
    [InlineData(false, "14T09:00 online", "15T06:00 offline")]
    // Said again on Sunday: likewise.
    [InlineData(false, "14T09:00 online", "15T05:00 online")]
    // Logged off at the last midnight.
    [InlineData(true, "14T09:00 online", "14T22:00 offline")]
    public async Task Forgotten_log_off_makes_no_workday(bool isRow, params string[] changes)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "14T10:00"), Case("greta", "16T10:00"));
        await Say(core, "greta", changes);
        core.Settle();
        Awards(core).Single(a => a.StartsWith("row greta", StringComparison.Ordinal)).Contains("earned", StringComparison.Ordinal)
            .ShouldBe(isRow);
        Verify(core);
    }

    [Fact]
    public async Task Log_off_that_comes_late_makes_a_workday_of_a_forgotten_day_and_its_void_takes_it_back()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Case("greta", "14T10:00"), Case("greta", "16T10:00"));
        await Say(core, "greta", "14T09:00 online");
        core.Settle();
        Row().ShouldBe(["row greta once earned 10:00:00.000"]);
        await core.Take(Change("greta", "15T06:00 offline", "late"));
        core.Settle();
        Row().ShouldBe(["row greta once flagged"]);
        await core.Take(Change("greta", "15T06:00 offline", "late") with { Version = 1, IsVoid = true, Labels = [] });
        core.Settle();
        Row().ShouldBe(["row greta once earned 10:00:00.000"]);
        Verify(core);

        List<string> Row() => [.. Awards(core).Where(a => a.StartsWith("row ", StringComparison.Ordinal))];
    }

    [Theory]
    [InlineData("DELETE FROM activity_key WHERE source = (SELECT key FROM source WHERE id = 'laurel:presence')",
        "without an identity of its own")]
    [InlineData("UPDATE activity SET body = REPLACE(body, '7200000', '7100000')",
        "time in a status of greta until 2026-11-17T09:00:00.000Z: stored online, seconds 7100, online 7100; "
        + "should be online, seconds 7200, online 7200")]
    [InlineData("UPDATE activity SET at = at + 1000 WHERE body LIKE '%7200000%'",
        "time in a status of greta until 2026-11-17T09:00:01.000Z")]
    public async Task Verification_names_a_segment_that_is_wrong(string spoil, string difference)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Say(core, "greta", "17T07:00 online", "17T09:00 offline");
        core.Database.Write((c, t) => c.Execute(spoil, transaction: t));
        Differences(core).ShouldContain(d => d.Contains(difference, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Setup_is_said_again_without_a_change_and_read_back()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        core.Apply(Setup).ShouldBeEmpty();
        using var connection = core.Database.Read();
        using var view = core.Database.Snapshot(connection);
        var written = new SetupWriter(connection, view, Wednesday.ToUnixTimeMilliseconds()).Write();
        written.ShouldContain("presence:");
        written.ShouldNotContain("- id: presence\n");
        view.Dispose();
        core.Apply(written).ShouldBeEmpty();
        await using var other = await CoreFixture.Start(Wednesday, written);
        await Say(other, "greta", "17T07:00 short", "17T09:00 offline");
        Values(other, "time-online").ShouldBe(["greta 2026-11-17 7200"]);
    }

    [Theory]
    [InlineData("presence: {}", "1:11: 'statuses' is missing: name at least one")]
    [InlineData("presence: { longest-hours: 25, statuses: { a: online } }", "1:28: 'longest-hours' must be 1 to 24")]
    [InlineData("presence: { statuses: { a: away } }", "1:28: status 'a' counts as online, pause or offline, not 'away'")]
    [InlineData("presence: { statuses: { a: { online: true } } }", "1:28: 'counts' is missing: online, pause or offline")]
    [InlineData("presence: { statuses: { a: { counts: offline, online: true } } }",
        "1:55: 'online' says of a pause whether it is time online, too")]
    [InlineData("activity-types: [ { id: presence } ]", "1:25: 'presence' is Laurel's own: say under 'presence' which statuses there are")]
    public async Task Problems_of_a_setup_file_are_told(string setup, string problem)
    {
        await using var core = await CoreFixture.Start(Wednesday, "site: { id: v, zone: Europe/Vilnius }");
        core.ProblemsOf(setup).ShouldBe([problem]);
    }

    private Task Say(CoreFixture core, string person, params string[] changes) =>
        core.Take([.. changes.Select(c => Change(person, c))]);

    private IncomingActivity Change(string person, string said, string? id = null)
    {
        var parts = said.Split(' ');
        return new("pbx", ActivityId.Of(id ?? $"n{sent++}"), "presence", person, null, At(parts[0]).ToUnixTimeMilliseconds(), [],
            [new("status", parts[1])]);
    }

    private IncomingActivity Case(string person, string at) =>
        new("desk", ActivityId.Of($"n{sent++}"), "case", person, null, At(at).ToUnixTimeMilliseconds(), [], []);

    private static DateTimeOffset At(string at) => DateTimeOffset.Parse((at.Length < 10 ? "2026-11-" : "") + at + "Z",
        CultureInfo.InvariantCulture);

    private static List<string> Values(CoreFixture core, string metric)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string Person, int Day, long Sum)>(
            """
            SELECT p.id, r.day, r.sum FROM rollup r JOIN person p ON p.key = r.person JOIN metric m ON m.key = r.metric
            WHERE m.id = @metric AND r.count > 0 ORDER BY p.id, r.day
            """, new { metric }).Select(r => string.Create(CultureInfo.InvariantCulture,
            $"{r.Person} {new Workday(r.Day)} {r.Sum / 1000m:0.###}"))];
    }

    private static List<string> Segments(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string Person, long At, string Body)>(
            """
            SELECT p.id, a.at, a.body FROM activity a JOIN person p ON p.key = a.person JOIN activity_type t ON t.key = a.type
            WHERE t.id = 'presence-segment' ORDER BY p.id, a.at
            """).Select(r =>
            {
                var body = App.Features.Activities.ActivityBody.Read(r.Body);
                var length = body.Measures.Single(m => m.Name == "seconds").Amount.Thousandths;
                return $"{r.Person} {body.Labels.Single().Text} {DateTimeOffset.FromUnixTimeMilliseconds(r.At + 1 - length):HH:mm} "
                    + $"{TimeSpan.FromMilliseconds(length):g}";
            })];
    }

    private static List<string> Awards(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string Achievement, string Person, string Occasion, long EarnedAt, long Flagged)>(
            """
            SELECT a.id, p.id, w.occasion, w.earned_at, CASE WHEN w.flagged_at IS NULL THEN 0 ELSE 1 END
            FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person ORDER BY w.key
            """).Select(r => $"{r.Achievement} {r.Person} {r.Occasion} " + (r.Flagged != 0
            ? "flagged" : $"earned {DateTimeOffset.FromUnixTimeMilliseconds(r.EarnedAt):HH:mm:ss.fff}"))];
    }

    private static void Verify(CoreFixture core) => Differences(core).ShouldBeEmpty();

    private static List<string> Differences(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), CancellationToken.None)
            .ShouldNotBeNull();
        return differences;
    }
}
