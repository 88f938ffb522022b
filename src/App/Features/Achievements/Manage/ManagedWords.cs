using System.Globalization;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Names of areas and days on the pages of management.</summary>
public static class ManagedWords
{
    /// <summary>Areas in the order of the pages.</summary>
    public static IReadOnlyList<string> Areas => ProductAreas.All;

    public static string Area(IStringLocalizer<Ui> L, string area) => area switch
    {
        "service" => L["Service"],
        "sales" => L["Sales"],
        "feedback" => L["Feedback"],
        "coaching" => L["Coaching"],
        "quality" => L["Quality"],
        "learning" => L["Learning"],
        "engagement" => L["Engagement"],
        _ => area,
    };

    /// <summary>Until when it is hidden; null for what is shown.</summary>
    public static string? Hidden(IStringLocalizer<Ui> L, Achievement achievement) => achievement.Visibility switch
    {
        Visibility.Shown => null,
        Visibility.Hidden => L["Hidden until earned"].Value,
        Visibility.Previous => L["Hidden until the one before it is earned"].Value,
    };

    /// <summary>Whether the text is in it, whatever the case and the accents; nothing is in everything.</summary>
    public static bool Has(string name, string text) => Sought.Of(text)?.IsIn(name) ?? true;

    /// <summary>"22 November 2026": a date that goes with "from" in either language.</summary>
    public static string Date(Workday day) => new DateOnly(day.Date.Year, day.Date.Month, day.Date.Day).ToString(
        Language.Current == Language.Lithuanian ? "yyyy 'm.' MMMM d 'd.'" : "d MMMM yyyy", CultureInfo.CurrentCulture);
}
