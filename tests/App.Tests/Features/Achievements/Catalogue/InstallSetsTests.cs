using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements.Catalogue;

/// <summary>Sets of the catalogue in an installation: installed once, never over what somebody made, each badge earned.</summary>
public sealed class InstallSetsTests
{
    /// <summary>A Monday, 11:00 in Vilnius.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private const string Site = "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\npeople: [ { id: greta }, { id: jonas } ]\n";
    private const int Weeks = 6;

    public static TheoryData<string> Sets => [.. ShippedSets.All.Select(s => s.Id)];

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Set_is_installed_cleanly_and_a_second_time_changes_nothing(string id)
    {
        await using var core = await CoreFixture.Start(Start, Site);
        var set = ShippedSets.Find(id)!;
        await Send(core, [.. ShippedSets.Own.Types.Select((t, i) => Did(t.Type.Id, "greta", i))]);
        Install(core, id, plan: true).ShouldNotBeEmpty();
        Achievements(core).ShouldBeEmpty();
        var changes = Install(core, id);
        changes.Where(c => c.What == "achievement").Select(c => c.Id).ShouldBe(set.Achievements.Select(a => a.Id));
        Achievements(core).ShouldBe(set.Achievements.Select(a => a.Id));
        core.Settle();
        var before = core.Contents();
        Install(core, id).ShouldBeEmpty();
        core.Contents().ShouldBe(before);
        // What was installed reads as a setup file, and applied as one it is so already.
        using var c = core.Database.Read();
        using var view = core.Database.Snapshot(c);
        core.Apply(new SetupWriter(c, view, Start.ToUnixTimeMilliseconds()).Write(), plan: true).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_sets_stand_beside_each_other_in_the_order_of_their_installing()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        Install(core, "sales");
        Install(core, "starter");
        Install(core, "daily");
        Achievements(core).ShouldBe(((string[])["sales", "starter", "daily"])
            .SelectMany(id => ShippedSets.Find(id)!.Achievements.Select(a => a.Id)));
    }

    [Fact]
    public async Task Chosen_achievements_bring_what_they_count_and_no_more()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        Install(core, "daily", ["tagger", "hard-worker"]).Select(c => $"{c.Verb} {c.What} {c.Id}").ShouldBe(
        [
            "add status online", "add status pause", "add status offline", "add activity type case-tagged", "add metric cases-tagged",
            "add metric time-online", "add achievement tagger", "add achievement hard-worker",
        ], ignoreOrder: true);
        Install(core, "daily").Count(c => c.What == "achievement").ShouldBe(13);
    }

    [Fact]
    public async Task Path_is_offered_until_somebody_sends_what_it_counts()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        // What Laurel sends itself needs nobody else.
        Install(core, "paths").Where(c => c.What is "achievement" or "path").Select(c => c.Id).ShouldBe(
        [
            "nice-to-meet-you", "welcome-back", "worn-with-pride", "time-to-cheer", "familiar-face", "part-of-the-furniture", "personal",
        ]);
        Offered(core, "paths").Achievements.Single(a => a.Setup.Id == "first-look").Waits.ShouldBe(["review-completed"]);

        await Send(core, [Did("review-completed", "greta", 1)]);
        Install(core, "paths", ["fair-judge", "open-book"]).Where(c => c.What is "achievement" or "path").Select(c => c.Id)
            .ShouldBe(["fair-judge", "reviewers"]);
        Install(core, "paths").Where(c => c.What is "achievement" or "path").Select(c => c.Id)
            .ShouldBe(["first-look", "sharp-pencil", "fine-detail", "seal-of-quality", "reviewers"]);
        Steps(core, "reviewers").ShouldBe(["first-look", "fair-judge", "sharp-pencil", "fine-detail", "seal-of-quality"]);
        Offered(core, "paths").Achievements.ShouldAllBe(a => a.IsThere == a.Types.All(type => !a.Waits.Contains(type)));
    }

    [Fact]
    public async Task Steps_of_a_path_whose_types_come_later_take_their_place_in_it()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        Install(core, "paths");
        Steps(core, "personal").ShouldBe(
            ["nice-to-meet-you", "welcome-back", "worn-with-pride", "time-to-cheer", "familiar-face", "part-of-the-furniture"]);
        await Send(core, [Did("module-completed", "greta", 3)]);
        Install(core, "paths");
        Steps(core, "personal").ShouldBe(
        [
            "nice-to-meet-you", "welcome-back", "worn-with-pride", "time-to-cheer", "bookworm", "familiar-face", "part-of-the-furniture",
        ]);
    }

    [Fact]
    public async Task What_somebody_has_made_or_changed_stays_as_it_is()
    {
        await using var core = await CoreFixture.Start(Start, Site + """
            activity-types: [ { id: case-resolved, name: Ticket done, labels: [queue], measures: { effort: { unit: seconds } } } ]
            metrics: [ { id: urgent-cases, name: Our urgent ones, types: [case-resolved], where: [ { label: queue, is: hot } ] } ]
            achievements: [ { id: support-master, name: Grand Master, type: threshold, metric: urgent-cases, at-least: 7, enabled: false } ]
            """);
        var changes = Install(core, "starter");
        changes.ShouldNotContain(c => c.What == "achievement" && c.Id == "support-master");
        changes.ShouldNotContain(c => c.What == "metric" && c.Id == "urgent-cases");
        using var c = core.Database.Read();
        c.QuerySingle<string>("SELECT name FROM achievement WHERE id = 'support-master'").ShouldContain("Grand Master");
        // The type keeps its name and what it declares, and declares what the set needs besides.
        c.QuerySingle<string>("SELECT name FROM activity_type WHERE id = 'case-resolved'").ShouldBe("""{"en":"Ticket done"}""");
        var type = c.QuerySingle<string>("SELECT definition FROM activity_type WHERE id = 'case-resolved'");
        foreach (var declared in (string[])["queue", "effort", "channel", "first-contact"]) type.ShouldContain($"\"{declared}\"");
    }

    [Fact]
    public async Task Own_types_are_declared_in_every_installation_and_somebodys_word_for_one_stays()
    {
        await using var core = await CoreFixture.Start(Start, Site + "activity-types: [ { id: item-saved, name: Pinned } ]");
        await core.Restart();
        using var c = core.Database.Read();
        c.Query<string>("SELECT id FROM activity_type").ShouldBe(DeclareOwnTypes.Ids, ignoreOrder: true);
        c.QuerySingle<string>("SELECT name FROM activity_type WHERE id = 'item-saved'").ShouldBe("""{"en":"Pinned"}""");
        (await core.Take(Did("review-received", "greta", 1))).Single().Outcome.ShouldBe(ItemOutcome.Accepted);
    }

    [Fact]
    public async Task Sent_types_are_seen_as_soon_as_they_come_also_behind_many_others()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        var types = new SentTypes(core.Time);
        using var c = core.Database.Read();
        types.Among(c, ["module-completed", "item-saved", "signed-in"]).ShouldBe(["signed-in"]);
        await Send(core, [Did("item-saved", "greta", 0), .. Enumerable.Range(1, 50).Select(i => Did("module-completed", "greta", i))]);
        types.Among(c, ["module-completed", "item-saved", "nobody-knows-it"])
            .ShouldBe(["module-completed", "item-saved"], ignoreOrder: true);
        await Send(core, [Did("review-completed", "greta", 99)]);
        types.Among(c, ["review-completed", "review-received"]).ShouldBe(["review-completed"]);
    }

    /// <summary>Every badge of the catalogue, at every level, is earned by somebody who does what it says.</summary>
    [Fact]
    public async Task Every_badge_of_the_catalogue_can_be_earned()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        foreach (var id in (string[])["starter", "daily", "sales"]) Install(core, id);
        On(core, ShippedSets.Find("daily")!.Achievements.Where(a => !a.Enabled).Select(a => a.Id));
        Goal(core);
        core.Time.Set(Start.AddDays(7 * Weeks));
        await Send(core, Work());
        Install(core, "paths").Count(c => c.What == "achievement").ShouldBe(28);
        core.Settle();
        ByHand(core, "employee-of-the-month");

        // The clover has a test of its own.
        Every.Select(a => a.Id).Except(Earned(core), StringComparer.Ordinal).ShouldBe(["four-leaf-clover"]);
        foreach (var achievement in Every)
            if (ShippedSets.RuleOf(achievement).Levels() is > 1 and var tiers)
                Tiers(core, achievement.Id).ShouldBe(Enumerable.Range(1, tiers), customMessage: achievement.Id);
    }

    [Fact]
    public async Task Clover_is_found_by_somebody_who_is_online()
    {
        await using var core = await CoreFixture.Start(Start, Site);
        Install(core, "daily", ["four-leaf-clover"]);
        core.Time.Advance(TimeSpan.FromHours(2));
        // One of five draws is won: eighty that are not would be one case of fifty million.
        for (var day = 0; day < 80 && Earned(core).Count == 0; day++)
        {
            core.Time.Advance(TimeSpan.FromDays(1));
            await Send(core, [Status("greta", $"{day}", "online", core.Time.GetUtcNow().AddHours(-1))]);
            core.Settle();
        }
        Earned(core).ShouldBe(["four-leaf-clover"]);
    }

    private static IEnumerable<AchievementSetup> Every => ShippedSets.All.SelectMany(s => s.Achievements);

    /// <summary>Six weeks in which Greta does some work each day, and on one day everything there is.</summary>
    private static List<IncomingActivity> Work()
    {
        var work = new List<IncomingActivity>();
        for (var day = 0; day < 7 * Weeks; day++)
            for (var i = 0; i < 4; i++) work.Add(Case(Start.AddDays(day).AddMinutes(i), i));
        var at = Start.AddDays(30);
        void Do(string type, int times, params Label[] labels)
        {
            for (var i = 0; i < times; i++) work.Add(Did(type, "greta", at.AddSeconds(i), [], labels));
        }
        void Measured(string type, int times, Measure measure)
        {
            for (var i = 0; i < times; i++) work.Add(Did(type, "greta", at.AddSeconds(i), [measure], []));
        }
        for (var i = 0; i < 850; i++) work.Add(Case(at.AddSeconds(i), i));
        Do("feedback-received", 100, new Label("rating", "reward"));
        Do("feedback-received", 400, new Label("rating", "rebuke"));
        Do("review-completed", 400);
        Do("signed-in", 300);
        Do("review-received", 120);
        Do("item-saved", 100);
        Do("case-assisted", 100);
        Do("article-published", 20);
        foreach (var type in (string[])["case-tagged", "case-transferred", "case-deleted", "module-completed", "goal-reached",
            "badge-featured", "profile-completed", "notifications-enabled"])
            Do(type, 5);
        // In the month before, which is over.
        for (var i = 0; i < 15; i++)
            work.Add(Did("sale-closed", "greta", at.AddDays(-5).AddSeconds(i),
                [new("value", Number(900)), new("commission", Number(90))], []));
        Measured("case-viewed", 20, new Measure("seconds", Number(60)));
        Measured("chat-answered", 20, new Measure("wait", Number(5)));
        Measured("reply-sent", 1, new Measure("characters", Number(800)));
        Measured("chat-ended", 1, new Measure("messages", Number(40)));
        Measured("call-ended", 1, new Measure("talk", Number(600)));
        work.Add(Did("call-made", "greta", at, [], []) with { Project = "spring" });
        for (var i = 0; i < 5; i++)
        {
            work.Add(Status("greta", $"{i}a", "online", at.AddHours(i)));
            work.Add(Status("greta", $"{i}b", "pause", at.AddHours(i).AddMinutes(40)));
        }
        work.Add(Status("greta", "c", "offline", at.AddHours(5)));
        return work;
    }

    private static IncomingActivity Case(DateTimeOffset at, int number) => Did("case-resolved", "greta", at, [],
    [
        new("channel", ((string[])["email", "chat", "phone", "social"])[number % 4]),
        new("priority", number % 4 == 0 ? "urgent" : "normal"), new("first-contact", number % 4 == 1 ? "yes" : "no"),
    ]);

    private static int made;

    private static Amount Number(int number) => Amount.Of(number)!.Value;

    private static IncomingActivity Did(string type, string person, int minute) =>
        Did(type, person, Start.AddMinutes(minute - 200), [], []);

    private static IncomingActivity Did(
        string type, string person, DateTimeOffset at, IReadOnlyList<Measure> measures, IReadOnlyList<Label> labels) =>
        new("desk", ActivityId.Of($"{type}-{Interlocked.Increment(ref made)}"), type, person, null, at.ToUnixTimeMilliseconds(), measures,
            labels);

    private static IncomingActivity Status(string person, string id, string status, DateTimeOffset at) =>
        new("pbx", ActivityId.Of(id), "presence", person, null, at.ToUnixTimeMilliseconds(), [], [new("status", status)]);

    private static async Task Send(CoreFixture core, IReadOnlyList<IncomingActivity> activities)
    {
        foreach (var batch in activities.Chunk(500))
            (await core.Take(batch)).ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
    }

    private static InstallSets Catalogue(CoreFixture core) => ActivatorUtilities.CreateInstance<InstallSets>(
        core.Services, ActivatorUtilities.CreateInstance<ApplySetup>(core.Services), new SentTypes(core.Time));

    private static IReadOnlyList<SetupChange> Install(
        CoreFixture core, string set, IReadOnlyCollection<string>? chosen = null, bool plan = false)
    {
        var (changes, problems) = Catalogue(core).Run(ShippedSets.Find(set)!, chosen, plan, Actor.CommandLine);
        problems.ShouldBeEmpty();
        return changes;
    }

    private static OfferedSet Offered(CoreFixture core, string set) => Catalogue(core).Offered(ShippedSets.Find(set)!);

    private static List<string> Achievements(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<string>("SELECT id FROM achievement ORDER BY position, key")];
    }

    private static List<string> Steps(CoreFixture core, string path)
    {
        using var c = core.Database.Read();
        return [.. c.Query<string>(
            """
            SELECT a.id FROM path_step s JOIN achievement a ON a.key = s.achievement JOIN path p ON p.key = s.path
            WHERE p.id = @path ORDER BY s.position
            """, new { path })];
    }

    private static HashSet<string> Earned(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<string>(
            "SELECT DISTINCT a.id FROM award w JOIN achievement a ON a.key = w.achievement WHERE w.flagged_at IS NULL")];
    }

    private static List<int> Tiers(CoreFixture core, string achievement)
    {
        using var c = core.Database.Read();
        return [.. c.Query<int>(
            "SELECT DISTINCT w.tier FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = @achievement ORDER BY w.tier",
            new { achievement })];
    }

    private static void On(CoreFixture core, IEnumerable<string> ids) => core.Database.Write((c, t) =>
    {
        var today = new CatalogueStore().Current(c, t).Floor.Site!.Clock.WorkdayOf(core.Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var id in ids)
            EnableAchievement.Run(c, t, new(c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @id", new { id }, t)),
                Actor.CommandLine, today, core.Time.GetUtcNow().ToUnixTimeMilliseconds()).ShouldBeTrue();
    });

    /// <summary>Ten sales a week, which Greta sets herself.</summary>
    private static void Goal(CoreFixture core)
    {
        using var c = core.Database.Read();
        var greta = new PersonKey(c.ExecuteScalar<long>("SELECT key FROM person WHERE id = 'greta'"));
        core.Services.GetRequiredService<KeepGoals>().Set(
            new(greta, "sales-closed", Comparison.AtLeast, Number(10), GoalPeriod.Week,
                Workday.Of(Start.Year, Start.Month, Start.Day), null, null, null, false),
            DataScope.Self(greta.Value), Actor.CommandLine).Refusal.ShouldBeNull();
    }

    private static void ByHand(CoreFixture core, string id) => core.Database.Write((c, t) =>
    {
        var achievement = new AchievementKey(c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @id", new { id }, t));
        var greta = c.ExecuteScalar<long>("SELECT key FROM person WHERE id = 'greta'", transaction: t);
        AwardByHand.Run(c, t, new CatalogueStore().Current(c, t),
            new(achievement, [greta], "For all of it.", new Guid(1, 2, 3, new byte[8])), DataScope.Company, Actor.CommandLine,
            core.Time.GetUtcNow().ToUnixTimeMilliseconds()).Refusal.ShouldBeNull();
    });
}
