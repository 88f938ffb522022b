using Laurel.App.Features.Goals;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.Notifications;

/// <summary>What people are told of, as they tell notices apart and choose among them.</summary>
/// <param name="Id">As addresses and the API name it.</param>
/// <param name="Name">An English text, the key of its translation.</param>
/// <param name="About">The same: what comes under it.</param>
/// <param name="Icon">Where there is no picture of the thing itself.</param>
/// <param name="Kept">The kinds under which notices are kept.</param>
public sealed record NoticeKind(string Id, string Name, string About, string Icon, IReadOnlyList<string> Kept)
{
    /// <summary>What one entry of this list names, one person can be told of; a new kind is a line here.</summary>
    public static readonly IReadOnlyList<NoticeKind> All =
    [
        new("badge", Ui.Text("New badges"), Ui.Text("A badge that you have just earned."), "medal", [NoticeStore.Single]),
        new("earlier", Ui.Text("Earlier work"), Ui.Text("Several badges at once, or those of work that was counted later."),
            "clock-counter-clockwise", [NoticeStore.Group]),
        new("goal", Ui.Text("Goals"), Ui.Text("What the other side says about a goal of yours, or of your people."), "target",
            GoalNotices.Entries),
        new("goal-review", Ui.Text("Goal reviews"), Ui.Text("It is time to look at a goal together."), "calendar-check",
            [GoalNotices.Review]),
    ];

    /// <summary>Gold means recognition, and is used for nothing else.</summary>
    public bool IsOfBadges => Kept.Any(k => k is NoticeStore.Single or NoticeStore.Group);

    /// <summary>Those that a person is told of: while achievements are off, or not the person's to see, nothing of badges.</summary>
    public static IReadOnlyList<NoticeKind> For(CurrentPerson person) =>
        person.Sees(Permissions.AchievementsView) ? All : [.. All.Where(k => !k.IsOfBadges)];

    public static NoticeKind? Find(string? id) => All.FirstOrDefault(k => string.Equals(k.Id, id, StringComparison.Ordinal));

    /// <summary>Of a notice as it is kept.</summary>
    public static NoticeKind Of(string kept) => All.First(k => k.Kept.Contains(kept, StringComparer.Ordinal));
}
