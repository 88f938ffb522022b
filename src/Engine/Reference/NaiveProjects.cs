using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Reference;

/// <summary>A project, and the workday of its making.</summary>
public sealed record NaiveProject(long Key, string Id, Workday Made);

/// <summary>What somebody did in a project.</summary>
public sealed record ProjectDeed(long Project, Deed Deed);

/// <summary>Who won a project, as it was decided: given, and kept as it is.</summary>
/// <param name="Types">Activity types that counted then.</param>
/// <param name="Won">The activity that won.</param>
public sealed record NaiveFirst(AchievementKey Achievement, long Project, Held Award, IReadOnlyList<string> Types, ActivityOrder Won);

public static partial class NaiveAwards
{
    /// <summary>
    /// The awards of firsts in projects that hold. Who has won is given; an award holds as long as nothing is before the activity that won
    /// it, and that one is there. In a project that nobody has won, the first of all wins, where the rule was on when the project was
    /// made and when that was done.
    /// </summary>
    /// <param name="dayOf">The workday of an instant at the installation's own site.</param>
    public static IReadOnlyList<Held> FirstsInProjects(
        IReadOnlyList<RuleHistory> rules, IReadOnlyList<NaiveProject> projects, IReadOnlyList<ProjectDeed> deeds,
        IReadOnlyList<NaiveFirst> won, Func<long, Workday> dayOf)
    {
        var holding = new List<Held>();
        foreach (var rule in rules.Where(r => r.Current is FirstInProject))
            foreach (var project in projects)
            {
                if (won.FirstOrDefault(w => w.Achievement == rule.Achievement && w.Project == project.Key) is { } fact)
                {
                    if (First(fact.Types) is { } still && still.Order == fact.Won) holding.Add(fact.Award);
                    continue;
                }
                if (project.Made < rule.CountsFrom || project.Made < rule.Horizon || !IsOn(project.Made)) continue;
                if (First(((FirstInProject)Version(rule, project.Made).Rule).Activities) is { } first && IsOn(dayOf(first.Order.At)))
                    holding.Add(new(rule.Achievement, 0, first.Person, project.Id, first.Order.At, Amount.One));

                bool IsOn(Workday day) => rule.Spans.Any(s => s.From <= day && (s.Until is not { } until || day < until));

                Deed? First(IReadOnlyList<string> types) => deeds
                    .Where(d => d.Project == project.Key && d.Deed.Day >= rule.Horizon)
                    .Where(d => types.Contains(d.Deed.Type, StringComparer.Ordinal))
                    .Select(d => d.Deed).MinBy(d => d.Order);
            }
        return holding;
    }
}
