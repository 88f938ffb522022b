using Laurel.App.Features.Goals;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Goals;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Demo;

/// <summary>What the demonstration's agent means to reach: one goal of her own, and one that her leader proposes.</summary>
public static class DemoGoals
{
    private const int WeeksAgo = 6;

    /// <summary>Who has had a goal for some weeks, and how many calls a week it asks for.</summary>
    private static readonly (string Person, int Calls)[] Earlier =
        [("steren", 250), ("tova", 250), ("gili", 200), ("darmon", 200), ("vicky", 150)];

    /// <summary>Before achievements are decided: what was reached in these weeks is earned.</summary>
    public static void SetEarlier(IServiceProvider services)
    {
        Floor floor;
        using (var connection = services.GetRequiredService<Database>().Read())
            floor = services.GetRequiredService<CatalogueStore>().Current(connection).Floor;
        var then = services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-7 * WeeksAgo);
        var goals = ActivatorUtilities.CreateInstance<KeepGoals>(services, new Then(then));
        foreach (var (person, calls) in Earlier)
            if (floor.Person(person) is { } owner)
                goals.Set(
                    new WantedGoal(owner.Key, "calls-answered", Comparison.AtLeast, new(calls * 1000L), GoalPeriod.Week,
                        owner.WorkdayOf(then.ToUnixTimeMilliseconds()).Day, null, ReviewWeeks: null, null, IsProposal: false),
                    DataScope.Self(owner.Key.Value), new(owner.Key.Value, person, Via.Web));
    }

    /// <summary>Some time ago.</summary>
    private sealed class Then(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }

    public static void Set(IServiceProvider services, string agent, string leader)
    {
        Floor floor;
        using (var connection = services.GetRequiredService<Database>().Read())
            floor = services.GetRequiredService<CatalogueStore>().Current(connection).Floor;
        // Other samples have other people.
        if (floor.Person(agent) is not { } owner || floor.Person(leader) is not { } proposer) return;
        var today = owner.WorkdayOf(services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds()).Day;
        var goals = ActivatorUtilities.CreateInstance<KeepGoals>(services);
        var own = new WantedGoal(owner.Key, "calls-answered", Comparison.AtLeast, new(300_000), GoalPeriod.Week, today, null,
            ReviewWeeks: null, null, IsProposal: false);
        goals.Set(own, DataScope.Self(owner.Key.Value), new(owner.Key.Value, agent, Via.Web));
        goals.Set(own with { Metric = "calls-within-20", Target = new(150_000), ReviewWeeks = 2, IsProposal = true }, DataScope.Company,
            new(proposer.Key.Value, leader, Via.Web));
    }
}
