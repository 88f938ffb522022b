using System.Globalization;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Platform.Localisation;

public enum TimeStyle
{
    /// <summary>As short as the distance allows: 10:42 today, Yesterday, weekday within a week, else the date.</summary>
    Near,

    /// <summary>The day: Today, Yesterday, or the date.</summary>
    Day,

    /// <summary>The day and the time.</summary>
    Moment,

    /// <summary>Hours and minutes only.</summary>
    Clock,
}

/// <summary>Now and today where the signed-in person works, and instants in words.</summary>
public sealed class PersonClock(CurrentPerson person, TimeProvider time)
{
    /// <summary>UTC where the person's zone is not known to this machine.</summary>
    public TimeZoneInfo Zone { get; } =
        TimeZoneInfo.TryFindSystemTimeZoneById(person.SiteZone, out var zone) ? zone : TimeZoneInfo.Utc;

    public DateTimeOffset Now => Local(time.GetUtcNow());

    /// <summary>Today as the engine counts days.</summary>
    public Workday Workday => Workday.Of(Today.Year, Today.Month, Today.Day);

    public DateOnly Today => DateOnly.FromDateTime(Now.DateTime);

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>Everything, for a tooltip.</summary>
    public string Full(DateTimeOffset at) => Local(at).ToString("f", CultureInfo.CurrentCulture);

    /// <param name="within">Inside a sentence: today and yesterday begin with a small letter.</param>
    public string Say(DateTimeOffset at, TimeStyle style, IStringLocalizer<Ui> texts, bool within = false)
    {
        var local = Local(at);
        var day = DateOnly.FromDateTime(local.DateTime);
        var clock = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return style switch
        {
            TimeStyle.Clock => clock,
            TimeStyle.Near => day == Today ? clock : Distance(day, texts, within),
            TimeStyle.Day => Say(day, texts, within),
            TimeStyle.Moment => $"{Say(day, texts, within)} {clock}",
        };
    }

    /// <param name="within">Inside a sentence: today and yesterday begin with a small letter.</param>
    public string Say(DateOnly day, IStringLocalizer<Ui> texts, bool within = false) => (Today.DayNumber - day.DayNumber) switch
    {
        0 => Word(texts["Today"], within),
        1 => Word(texts["Yesterday"], within),
        _ => Date(day),
    };

    private static string Word(string word, bool within) =>
        within ? char.ToLower(word[0], CultureInfo.CurrentUICulture) + word[1..] : word;

    private string Distance(DateOnly day, IStringLocalizer<Ui> texts, bool within) => (Today.DayNumber - day.DayNumber) switch
    {
        1 => Word(texts["Yesterday"], within),
        > 1 and < 7 => Capital(day.ToString("dddd", CultureInfo.CurrentCulture)),
        _ => Date(day),
    };

    // The year only where it is another one.
    private string Date(DateOnly day)
    {
        if (day.Year != Today.Year) return day.ToString("d", CultureInfo.CurrentCulture);
        return Language.Current == Language.Lithuanian
            ? day.ToString("MMM d 'd.'", CultureInfo.CurrentCulture)
            : day.ToString("d MMM", CultureInfo.CurrentCulture);
    }

    private static string Capital(string word) =>
        word.Length == 0 ? word : char.ToUpper(word[0], CultureInfo.CurrentCulture) + word[1..];
}
