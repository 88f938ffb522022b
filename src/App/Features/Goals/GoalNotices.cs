using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.Goals;

/// <summary>What people are told of goals: the kinds of notices, and their words.</summary>
public static class GoalNotices
{
    public const string Review = "goal-review";

    /// <summary>All but reviews: one for each kind of entry.</summary>
    public static readonly IReadOnlyList<string> Entries =
        ["goal-set", "goal-proposed", "goal-accepted", "goal-changed", "goal-commented", "goal-reviewed", "goal-closed"];

    /// <summary>The notice of an entry that the other side made.</summary>
    public static string Of(string entry) => $"goal-{entry}";

    /// <summary>An English text, the key of its translation; {0} is what the goal counts.</summary>
    public static string Title(string kind) => kind switch
    {
        Review => Ui.Text("Time to look at the goal “{0}” together"),
        "goal-set" => Ui.Text("A goal was set: “{0}”"),
        "goal-proposed" => Ui.Text("A goal is proposed: “{0}”"),
        "goal-accepted" => Ui.Text("Agreed: the goal “{0}”"),
        "goal-changed" => Ui.Text("Another target for the goal “{0}”"),
        "goal-commented" => Ui.Text("A comment on the goal “{0}”"),
        "goal-reviewed" => Ui.Text("The goal “{0}” was looked at"),
        _ => Ui.Text("The goal “{0}” was closed"),
    };
}
