using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Switches an achievement on: the first time from the beginning of its history, later from today. Who already meets it earns by a
/// backfill, perhaps without any new activity.
/// </summary>
public static class EnableAchievement
{
    /// <summary>False where it is on already, or is not there.</summary>
    public static bool Run(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Actor actor, Workday today, long now)
    {
        if (Apply(connection, transaction, achievement, today, now) is not { } after) return false;
        Rulebook.TouchRules(connection, transaction);
        Audit.Write(connection, transaction, actor, now, "achievement.enabled", LocalText.Parse(after.Name).In(Language.English),
            new Change("enabled", "no", "yes"),
            new Change("from", null, after.IsWaiting ? null : Said(after.Spans[^1].From)));
        return true;
    }

    private static string Said(Workday day) => day == Workday.Beginning ? "the beginning" : day.ToString();

    /// <summary>
    /// The same where the caller logs it and says that the rules changed. Gives what it is now; null where nothing changed. In an area that
    /// is off it waits for that.
    /// </summary>
    public static SwitchedAchievement? Apply(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Workday today, long now)
    {
        if (SwitchedStore.Find(connection, transaction, achievement) is not { } before) return null;
        if (before.IsAreaOff)
        {
            if (before.IsWaiting) return null;
            SwitchedStore.Wait(connection, transaction, achievement, true);
            return before with { IsWaiting = true };
        }
        if (Enabling.On(before.Spans, before.History, today) is not { } spans) return null;
        SwitchedStore.Save(connection, transaction, achievement, spans);
        var after = before with { Spans = spans };
        if (before.IsManual) return after;
        if (before.History is null && Enabling.IsFirst(before.Spans, null))
            SwitchedStore.Begin(connection, transaction, achievement, today);
        Backfill.Enqueue(connection, transaction, achievement, now);
        // Today is the installation's own: at another site it may be still to come.
        if (spans[^1].From >= today) Backfill.EnqueueStart(connection, transaction, achievement, spans[^1].From, after: now);
        return after;
    }
}
