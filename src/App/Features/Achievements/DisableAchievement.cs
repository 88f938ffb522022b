using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Switches an achievement off from today: no moment of the gap earns, and no period that touches it is decided at its end. What was
/// earned stays; what was earned earlier today does not hold any more and is flagged by a backfill.
/// </summary>
public static class DisableAchievement
{
    /// <summary>False where it is off already, or is not there.</summary>
    public static bool Run(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Actor actor, Workday today, long now)
    {
        if (Apply(connection, transaction, achievement, today, now) is not { } before) return false;
        Rulebook.TouchRules(connection, transaction);
        Audit.Write(connection, transaction, actor, now, "achievement.disabled", LocalText.Parse(before.Name).In(Language.English),
            new Change("enabled", "yes", "no"), new Change("until", null, today.ToString()));
        return true;
    }

    /// <summary>
    /// The same where the caller logs it and says that the rules changed. Gives what it was before; null where nothing changed.
    /// </summary>
    public static SwitchedAchievement? Apply(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Workday today, long now)
    {
        if (SwitchedStore.Find(connection, transaction, achievement) is not { } before) return null;
        if (before.IsWaiting)
        {
            SwitchedStore.Wait(connection, transaction, achievement, false);
            return before;
        }
        if (Enabling.Off(before.Spans, today) is not { } spans) return null;
        SwitchedStore.Save(connection, transaction, achievement, spans);
        if (!before.IsManual) Backfill.Enqueue(connection, transaction, achievement, now);
        return before;
    }
}
