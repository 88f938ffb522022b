using Dapper;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Notifications;

/// <summary>Pages that are open at one node of a PostgreSQL database, and what other nodes do to the person's notices.</summary>
[Trait("database", "postgres")]
public sealed class NoticeNodesTests
{
    // 14:00 in Vilnius.
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta } ]
        activity-types: [ { id: chat } ]
        achievements: [ { id: first, type: first-time, activities: [chat], history: all } ]
        """;

    [PostgresFact]
    public async Task What_is_read_at_one_node_is_counted_anew_by_pages_of_another()
    {
        await using var first = await CoreFixture.Start(Now, Setup);
        await using var second = await first.Another();
        await first.Take(Chat());
        using var page = await Listen(second, first);
        ActivatorUtilities.CreateInstance<ReadNotices>(first.Services).ReadThrough(Greta(first), long.MaxValue, NoticeKind.All);
        await Until.IsTrue("the page hears it", () => page.Take().Topics.Any(t => t.Name == LiveStream.MyAwards));
    }

    [PostgresFact]
    public async Task What_waited_is_gathered_by_one_node_and_looked_for_by_pages_of_all()
    {
        await using var first = await CoreFixture.Start(Now, Setup);
        await using var second = await first.Another();
        first.Services.GetRequiredService<CatchUps>().Save(Greta(first),
            new(new HashSet<(string, string)>(), QuietHours.Of(Weekdays.All, 13 * 60, 15 * 60), IsQuietOn: true));
        await first.Take(Chat());
        using var page = await Listen(second, first);
        CoreFixture[] nodes = [first, second];
        foreach (var node in nodes) node.Time.Set(Now.AddHours(1));
        var ran = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.Services.GetRequiredService<WorkRunner>().RunDue())));
        ran.SelectMany(r => r.Failed).ShouldBeEmpty();
        using var connection = second.Database.Read();
        CatchUps.Unshown(connection, Greta(first)).ShouldHaveSingleItem();
        // Whichever node gathered it tells its own pages itself, and the others by the commit.
        await Until.IsTrue("the page looks for it", () => page.Take().Notices);
    }

    /// <summary>A page of a node, which hears the other by now.</summary>
    private static async Task<Subscription> Listen(CoreFixture node, CoreFixture other)
    {
        const string Call = "are-you-there";
        var page = node.Services.GetRequiredService<LiveHub>().Subscribe(Greta(node));
        await Until.IsTrue("the other node listens", () =>
        {
            other.Services.GetRequiredService<LiveHub>().Changed(Call);
            return page.Take().Topics.Any(t => t.Name == Call);
        });
        page.Take();
        return page;
    }

    private static long Greta(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>("SELECT key FROM person WHERE id = 'greta'");
    }

    private static IncomingActivity Chat() =>
        new("desk", ActivityId.Of("chat-1"), "chat", "greta", null, Now.AddMinutes(-5).ToUnixTimeMilliseconds(), [], []);
}
