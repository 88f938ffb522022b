using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Switches product areas. Off ends the enabled spans of the area's achievements today, as disabling each of them would, and the view
/// present_achievement hides what was earned; which ones were on is kept. On opens a span for these again and asks for their history.
/// </summary>
public static class SwitchAreas
{
    /// <summary>The setting's name in setup files and in the audit log.</summary>
    public const string Setting = "areas";
    public const string On = "on", Off = "off";

    /// <summary>What changes, by area. The caller logs it and says that the rules changed.</summary>
    /// <param name="wanted">Whether an area is on; areas that are not in it stay as they are.</param>
    public static IReadOnlyList<Change> Set(
        DbConnection connection, DbTransaction transaction, IReadOnlyDictionary<string, bool> wanted, Workday? today, long now)
    {
        var off = ProductAreas.Off(connection, transaction);
        var changes = new List<Change>();
        foreach (var area in ProductAreas.All)
        {
            if (!wanted.TryGetValue(area, out var on) || on == !off.Contains(area)) continue;
            connection.Execute(on ? "DELETE FROM area_off WHERE area = @area" : "INSERT INTO area_off (area) VALUES (@area)",
                new { area }, transaction);
            changes.Add(new(area, on ? Off : On, on ? On : Off));
            // Where there is no site yet there are no achievements either.
            if (today is not { } day) continue;
            foreach (var key in connection.Query<long>("SELECT key FROM achievement WHERE area = @area ORDER BY key",
                new { area }, transaction).ToList())
                Follow(connection, transaction, new(key), day, now);
        }
        return changes;
    }

    public static bool Change(
        DbConnection connection, DbTransaction transaction, CatalogueStore rules, IReadOnlyDictionary<string, bool> wanted, Actor actor,
        long now)
    {
        Rulebook.Hold(connection, transaction);
        var changes = Set(connection, transaction, wanted, rules.Current(connection, transaction).Floor.Site?.Clock.WorkdayOf(now), now);
        if (changes.Count == 0) return false;
        Audit.Write(connection, transaction, actor, now, "setting.changed", Setting, changes);
        Rulebook.TouchRules(connection, transaction);
        return true;
    }

    /// <summary>An achievement does as its area does; also one that has come into another area.</summary>
    public static void Follow(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Workday today, long now)
    {
        var known = SwitchedStore.Find(connection, transaction, achievement)!;
        if (known.IsAreaOff && Enabling.IsOn(known.Spans))
        {
            DisableAchievement.Apply(connection, transaction, achievement, today, now);
            SwitchedStore.Wait(connection, transaction, achievement, true);
        }
        else if (known is { IsAreaOff: false, IsWaiting: true })
        {
            SwitchedStore.Wait(connection, transaction, achievement, false);
            EnableAchievement.Apply(connection, transaction, achievement, today, now);
        }
    }
}
