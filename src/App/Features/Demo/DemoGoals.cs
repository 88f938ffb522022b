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
