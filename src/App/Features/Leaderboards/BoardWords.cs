using System.Globalization;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Leaderboards;

/// <summary>Says periods in the reader's language.</summary>
public sealed class BoardWords(IStringLocalizer<Ui> texts)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    public string Title(BoardPeriod period) => period switch
    {
        BoardPeriod.Today => L["Today"],
        BoardPeriod.Yesterday => L["Yesterday"],
        BoardPeriod.Week => L["This week"],
        BoardPeriod.LastWeek => L["Last week"],
        BoardPeriod.Month => L["This month"],
        BoardPeriod.LastMonth => L["Last month"],
        BoardPeriod.All => Capital(L["all time"]),
    };

    /// <summary>Which days: a date, from one to another, or the name of the month.</summary>
    public string Days(BoardPeriod period, WorkdaySpan days)
    {
        var (first, last) = (days.First, days.Last);
        return period switch
        {
            BoardPeriod.Today or BoardPeriod.Yesterday =>
                Capital(Say(first, Language.Current == Language.Lithuanian ? "MMMM d 'd.', dddd" : "dddd d MMMM")),
            BoardPeriod.Week or BoardPeriod.LastWeek => Capital($"{Say(first, "m")} – {Say(last, "m")}"),
            BoardPeriod.Month or BoardPeriod.LastMonth => Capital(Say(first, "Y")),
            BoardPeriod.All => Capital(L["all time"]),
        };
    }

    private static string Say(Workday day, string format) => day.Date.ToDateOnly().ToString(format, CultureInfo.CurrentCulture);

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpper(word[0], CultureInfo.CurrentCulture) + word[1..];
}
