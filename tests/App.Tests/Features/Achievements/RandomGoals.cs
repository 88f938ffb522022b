using Laurel.App.Features.Goals;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// Goals that are set, proposed, agreed on, changed and closed while time goes by, by the people themselves and by who leads them.
/// </summary>
internal sealed class RandomGoals(CoreFixture core, Random random)
{
    private static readonly (string Metric, Comparison Comparison, double[] Targets)[] Wishes =
    [
        ("work", Comparison.AtLeast, [1, 2, 3, 5]), ("talk", Comparison.AtLeast, [2, 4.5, 8]), ("cases", Comparison.AtMost, [1, 2]),
        ("score", Comparison.AtLeast, [0.1, 1]), ("shortest", Comparison.AtMost, [1, 2]), ("channels", Comparison.AtLeast, [1, 2]),
        ("per-work", Comparison.AtLeast, [1, 2]), ("longest", Comparison.AtLeast, [2, 4]), ("changing", Comparison.AtLeast, [1, 2]),
        ("net", Comparison.AtLeast, [0.5, 1]), ("work", Comparison.AtLeast, [2, 4]),
    ];

    private readonly List<string> said = [];

    /// <summary>What has been done, for who reads a failure.</summary>
    public override string ToString() => string.Join('\n', said.Select(s => $"  {s}"));

    public void Change()
    {
        for (var left = random.Next(5); left > 0; left--)
        {
            using var connection = core.Database.Read();
            var floor = core.Services.GetRequiredService<CatalogueStore>().Current(connection).Floor;
            var people = floor.People.OrderBy(p => p.Key).ToList();
            var person = people[random.Next(people.Count)];
            var today = person.WorkdayOf(core.Time.GetUtcNow().ToUnixTimeMilliseconds()).Day;
            var open = GoalStore.OfPerson(connection, person.Key).Where(g => g.IsOpen(today)).ToList();
            var actor = random.Next(2) == 0 ? new Actor(person.Key.Value, "Own", Via.Web) : new Actor(null, "Ada", Via.Api);
            var keep = core.Services.GetRequiredService<KeepGoals>();
            if (open.Count == 0 || random.Next(3) == 0) Set(keep, person, today, actor);
            else Act(keep, connection, open[random.Next(open.Count)], actor);
        }
    }

    private void Set(KeepGoals keep, FloorPerson person, Workday today, Actor actor)
    {
        var (metric, comparison, targets) = Wishes[random.Next(Wishes.Length)];
        var period = (GoalPeriod)random.Next(4);
        var from = today.Plus(random.Next(3) == 0 ? random.Next(6) : 0);
        Workday? until = period == GoalPeriod.Once ? from.Plus(random.Next(14)) : random.Next(3) == 0 ? from.Plus(random.Next(20)) : null;
        var wanted = new WantedGoal(person.Key, metric, comparison, Amount.Of((decimal)targets[random.Next(targets.Length)])!.Value, period,
            from, until, random.Next(3) == 0 ? random.Next(1, 3) : null, null, random.Next(3) == 0);
        Note($"{person.Id} {wanted}", keep.Set(wanted, DataScope.Company, actor));
    }

    private void Act(KeepGoals keep, System.Data.Common.DbConnection connection, KeptGoal goal, Actor actor)
    {
        var seen = Agreement.Of(goal, GoalStore.Entries(connection, goal.Key)).Open?.Number ?? 0;
        var target = new Amount((goal.Goal?.Newest.Target.Thousandths ?? 2000) + (random.Next(-1, 2) * 1000));
        switch (random.Next(5))
        {
            case 0:
                Note($"change {goal.Key} to {target}",
                    keep.Change(goal.Key, target, null, random.Next(2) == 0, DataScope.Company, actor));
                break;
            case 1 or 2:
                Note($"accept {goal.Key}", keep.Accept(goal.Key, seen, null, DataScope.Company, actor));
                break;
            case 3:
                Note($"comment {goal.Key}", keep.Comment(goal.Key, "As we said.", random.Next(2) == 0, DataScope.Company, actor));
                break;
            case 4 when random.Next(2) == 0:
                Note($"close {goal.Key}", keep.Close(goal.Key, null, DataScope.Company, actor));
                break;
        }
    }

    private void Note(string what, GoalOutcome outcome) =>
        said.Add($"{core.Time.GetUtcNow():u} {what}: {outcome.Refusal ?? $"goal {outcome.Goal}"}");
}
