using System.Globalization;
using NodaTime;

namespace Laurel.Engine.Kernel;

/// <summary>A site-local calendar day, as days since 1970-01-01. It has 23 to 25 hours where clocks change.</summary>
public readonly record struct Workday(int Number) : IComparable<Workday>
{
    private static readonly LocalDate Epoch = new(1970, 1, 1);

    /// <summary>Before any activity: the first workday of a history that counts everything.</summary>
    public static readonly Workday Beginning = new(-1_000_000);
    /// <summary>After any activity.</summary>
    public static readonly Workday End = new(10_000_000);

    public static Workday Of(LocalDate date) => new(Period.DaysBetween(Epoch, date));
    public static Workday Of(int year, int month, int day) => Of(new LocalDate(year, month, day));
    public static Workday? Parse(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d)
            ? Of(d.Year, d.Month, d.Day)
            : null;

    public LocalDate Date => Epoch.PlusDays(Number);
    public IsoDayOfWeek DayOfWeek => (IsoDayOfWeek)(Mod(Number + 3, 7) + 1);
    public Workday Plus(int days) => new(Number + days);
    public int CompareTo(Workday other) => Number.CompareTo(other.Number);
    public static Workday Max(Workday a, Workday b) => a.Number >= b.Number ? a : b;
    public static Workday Min(Workday a, Workday b) => a.Number <= b.Number ? a : b;
    public override string ToString() => Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    public static bool operator <(Workday a, Workday b) => a.Number < b.Number;
    public static bool operator >(Workday a, Workday b) => a.Number > b.Number;
    public static bool operator <=(Workday a, Workday b) => a.Number <= b.Number;
    public static bool operator >=(Workday a, Workday b) => a.Number >= b.Number;

    private static int Mod(int n, int m) => ((n % m) + m) % m;
}
