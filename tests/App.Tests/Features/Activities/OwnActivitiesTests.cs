using System.Net;
using Dapper;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.People;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>What people do with Laurel is an activity of Laurel's own, once, and brings what goes by it.</summary>
public sealed class OwnActivitiesTests
{
    [Fact]
    public async Task Steps_of_the_personal_path_are_earned_by_using_laurel()
    {
        await using var app = await LaurelApp.Start();
        var (changes, problems) = app.Services.GetRequiredService<InstallSets>()
            .Run(ShippedSets.Find("paths")!, null, plan: false, Actor.CommandLine);
        problems.ShouldBeEmpty();
        changes.Where(c => c.What == "achievement").Select(c => c.Id).ShouldBe(
            ["nice-to-meet-you", "welcome-back", "worn-with-pride", "time-to-cheer", "familiar-face", "part-of-the-furniture"]);
        app.Settle();

        (await LaurelApp.Post(app.Client, "/sign-in", null, ("In.Name", "agent"), ("In.Password", Floor.Password)))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        await app.Client.GetStringAsync("/");
        await app.Client.GetStringAsync("/achievements");
        await ProfileTests.Say(app.Client, "I know all about cards.", "lt");
        await ProfileTests.Send(app.Client, Pictures.Png());
        await Told(app, "profile-completed 1");
        app.Time.Advance(TimeSpan.FromMinutes(10));
        app.RunDue();
        await Told(app, "profile-completed 1", "signed-in 1");
        Awards(app).ShouldBe(["nice-to-meet-you"]);
        // Once, however often it is completed.
        await LaurelApp.Post(app.Client, "/profile", "photo-removed");
        await ProfileTests.Send(app.Client, Pictures.Png(shade: 7));
        await ProfileTests.Say(app.Client, "And loans.");
        // One badge that is chosen twice is chosen once.
        foreach (var featured in (string[])["true", "false", "true"])
            (await LaurelApp.Post(app.Client, "/achievements/nice-to-meet-you", "/achievements/nice-to-meet-you/feature",
                ("featured", featured))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await Told(app, "badge-featured 1", "profile-completed 1", "signed-in 1");

        // A session that lasts counts as signing in, once a workday.
        for (var day = 2; day <= 10; day++)
        {
            app.Time.Advance(TimeSpan.FromDays(1));
            await app.Client.GetStringAsync("/");
            await app.Client.GetStringAsync("/profile");
            await Told(app, "badge-featured 1", "profile-completed 1", $"signed-in {day}");
        }
        Awards(app).ShouldBe(["nice-to-meet-you", "welcome-back", "worn-with-pride"]);
    }

    [Fact]
    public async Task What_is_noted_again_counts_once_and_no_source_speaks_for_laurel()
    {
        await using var app = await LaurelApp.Start();
        await app.Services.GetRequiredService<Intake>().Take([Saved], CancellationToken.None);
        for (var again = 0; again < 3; again++)
        {
            app.Database.Write((w, t) =>
            {
                OwnActivities.Note(w, t, 1, UseTypes.SignedIn, 9000, app.Time.GetUtcNow().ToUnixTimeMilliseconds() + again);
                OwnActivities.NoteVisits(w, t, [new(9000, 1, 5), new(9001, 1, 6), new(9000, 2, 7)]);
            });
            app.RunDue();
        }
        using var c = app.Database.Read();
        c.Query<string>("SELECT p.id FROM activity a JOIN person p ON p.key = a.person ORDER BY p.id")
            .ShouldBe(["agent", "agent", "colleague", "other"]);
        var taken = await app.Services.GetRequiredService<Intake>().Take(
            [new("laurel:use", ActivityId.Of("x"), "signed-in", "agent", null, 0, [], [])], CancellationToken.None);
        taken[0].Reason.ShouldBe("source 'laurel:use' is Laurel's own");
    }

    [Fact]
    public async Task Who_is_nobody_any_more_and_a_type_that_nobody_declares_hold_nothing_up()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((w, t) =>
        {
            OwnActivities.Note(w, t, 4711, UseTypes.SignedIn, 1, 0);
            OwnActivities.Note(w, t, 1, "unheard-of", 1, 0);
        });
        app.RunDue();
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT count(*) FROM work WHERE kind = 'own-activity'").ShouldBe(0);
    }

    [Fact]
    public async Task Signing_in_waits_for_other_work_so_that_whoever_sets_up_can_still_change_the_zone_but_not_for_ever()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        await admin.GetStringAsync("/sites");
        await Until.IsTrue("the visit is noted", () => Rows("visit") == 1 && Rows("work") == 1);
        app.RunDue();
        Rows("activity").ShouldBe(0);
        app.Time.Advance(TimeSpan.FromDays(7));
        app.RunDue();
        await Told(app, "signed-in 1");
        // Somebody else on another day need not wait.
        await app.SignIn("agent").GetStringAsync("/");
        await Told(app, "signed-in 2");

        long Rows(string table)
        {
            using var c = app.Database.Read();
            return c.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
        }
    }

    [PostgresFact]
    [Trait("database", "postgres")]
    public async Task Two_nodes_that_see_somebody_first_note_one_visit()
    {
        await using var app = await LaurelApp.Start();
        using var other = TestDatabase.Another(app.Database);
        await using var another = await LaurelApp.StartOn(other, withFloor: false, time: app.Time);
        await app.Services.GetRequiredService<Intake>().Take([Saved], CancellationToken.None);
        await Task.WhenAll(app.SignIn("agent").GetStringAsync("/profile"), another.SignIn("agent").GetStringAsync("/profile"));
        await Told(app, "item-saved 1", "signed-in 1");
        another.Rest();
        await Told(app, "item-saved 1", "signed-in 1");
    }

    private static readonly IncomingActivity Saved = new("desk", ActivityId.Of("saved"), "item-saved", "other", null, 0, [], []);

    /// <summary>How many activities of each type there are, once what is under way is done.</summary>
    private static async Task Told(LaurelApp app, params string[] expected)
    {
        await Until.IsTrue(string.Join(", ", expected), () => Counts().SequenceEqual(expected));
        app.Rest();
        Counts().ShouldBe(expected);

        List<string> Counts()
        {
            using var c = app.Database.Read();
            return [.. c.Query<(string Type, long Count)>(
                "SELECT y.id, count(*) FROM activity a JOIN activity_type y ON y.key = a.type GROUP BY y.id ORDER BY y.id")
                .Select(r => $"{r.Type} {r.Count}")];
        }
    }

    private static List<string> Awards(LaurelApp app)
    {
        using var c = app.Database.Read();
        return [.. c.Query<string>(
            "SELECT a.id FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person "
            + "WHERE p.id = 'agent' ORDER BY a.id")];
    }
}
