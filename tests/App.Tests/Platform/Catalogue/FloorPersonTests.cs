using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Platform.Catalogue;

public sealed class FloorPersonTests
{
    private static readonly Workday D = Workday.Of(2026, 6, 10);

    [Theory]
    // Vilnius is at +3 in summer, New York at -4: its 10 June begins at 04:00 UTC, when it has long been the 10th in Vilnius.
    [InlineData("Europe/Vilnius", "America/New_York", "2026-06-09T20:59", "2026-06-09")]
    [InlineData("Europe/Vilnius", "America/New_York", "2026-06-09T21:00", "2026-06-10")]
    [InlineData("Europe/Vilnius", "America/New_York", "2026-06-10T03:59", "2026-06-10")]
    [InlineData("Europe/Vilnius", "America/New_York", "2026-06-10T04:00", "2026-06-10")]
    [InlineData("Europe/Vilnius", "America/New_York", "2026-06-11T03:59", "2026-06-10")]
    [InlineData("America/New_York", "Europe/Vilnius", "2026-06-09T20:59", "2026-06-09")]
    [InlineData("America/New_York", "Europe/Vilnius", "2026-06-09T21:00", "2026-06-10")]
    [InlineData("America/New_York", "Europe/Vilnius", "2026-06-10T21:00", "2026-06-11")]
    // 25 hours apart: nobody comes to the 11th and goes back into the 10th.
    [InlineData("Pacific/Kiritimati", "Pacific/Pago_Pago", "2026-06-10T10:30", "2026-06-10")]
    [InlineData("Pacific/Kiritimati", "Pacific/Pago_Pago", "2026-06-10T11:00", "2026-06-10")]
    public void WorkdayOf_around_a_move_starts_at_midnight_of_the_zone_moved_to(string before, string now, string at, string day)
    {
        var person = Moved(Site(1, before), Site(2, now));
        person.WorkdayOf(Instant(at)).Day.ToString().ShouldBe(day);
    }

    [Theory]
    [InlineData("Europe/Vilnius", "America/New_York")]
    [InlineData("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    [InlineData("Pacific/Pago_Pago", "Pacific/Kiritimati")]
    public void WorkdayOf_never_goes_back(string before, string now)
    {
        var person = Moved(Site(1, before), Site(2, now));
        var last = Workday.Beginning;
        for (var at = Instant("2026-06-08T00:00"); at < Instant("2026-06-13T00:00"); at += 1_800_000)
        {
            var day = person.WorkdayOf(at).Day;
            day.ShouldBeGreaterThanOrEqualTo(last);
            last = day;
        }
    }

    [Theory]
    [InlineData("Europe/Vilnius", "America/New_York")]
    [InlineData("America/New_York", "Europe/Vilnius")]
    [InlineData("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    [InlineData("Pacific/Pago_Pago", "Pacific/Kiritimati")]
    [InlineData("Asia/Kathmandu", "Asia/Kolkata")]
    public void NextMidnight_around_a_move_is_the_first_instant_of_another_workday(string before, string now)
    {
        var person = Moved(Site(1, before), Site(2, now));
        for (var at = Instant("2026-06-07T00:00"); at < Instant("2026-06-14T00:00");)
        {
            var (day, next) = (person.WorkdayOf(at).Day, person.NextMidnight(at));
            next.ShouldBeGreaterThan(at);
            person.WorkdayOf(next).Day.ShouldBeGreaterThan(day);
            for (var within = at; within < next; within += 300_000) person.WorkdayOf(within).Day.ShouldBe(day);
            person.WorkdayOf(next - 1).Day.ShouldBe(day);
            at = next;
        }
    }

    [Fact]
    public void NextMidnight_of_a_move_that_begins_before_the_one_before_it_is_the_first_instant_of_another_workday()
    {
        // The 10th begins in Pago Pago at 11:00 UTC, and the 11th an hour before it in Kiritimati.
        var (east, west) = (Site(1, "Pacific/Kiritimati"), Site(2, "Pacific/Pago_Pago"));
        var person = Moved(east, west);
        person = person with { Sites = [.. person.Sites, (D.Plus(1), east)] };
        person.NextMidnight(Instant("2026-06-10T09:30")).ShouldBe(Instant("2026-06-10T10:00"));
    }

    [Fact]
    public void ClosedThrough_with_a_move_to_come_is_that_of_the_site_of_today()
    {
        var (here, there) = (Site(1, "Europe/Vilnius", closed: D.Plus(-7)), Site(2, "Pacific/Auckland", closed: D.Plus(-6)));
        Moved(here, there).ClosedThrough.ShouldBe(D.Plus(-7));
    }

    [Fact]
    public void ClosedThrough_of_the_day_before_a_move_is_that_of_the_site_moved_to()
    {
        // The 9th ends when the 10th begins, and that is in Auckland.
        var (here, there) = (Site(1, "Europe/Vilnius", closed: D.Plus(-2)), Site(2, "Pacific/Auckland", closed: D.Plus(-1)));
        Moved(here, there).ClosedThrough.ShouldBe(D.Plus(-1));
        // And where it begins later than here, it waits.
        Moved(here with { ClosedThrough = D.Plus(-1) }, there with { ClosedThrough = D.Plus(-2) }).ClosedThrough.ShouldBe(D.Plus(-2));
    }

    [Fact]
    public void ClosedThrough_waits_for_what_has_not_closed_before_a_move()
    {
        var (here, there) = (Site(1, "Pacific/Pago_Pago", closed: D.Plus(-3)), Site(2, "Pacific/Kiritimati", closed: D.Plus(-1)));
        Moved(here, there).ClosedThrough.ShouldBe(D.Plus(-3));
        Moved(here with { ClosedThrough = D.Plus(-2) }, there).ClosedThrough.ShouldBe(D.Plus(-1));
    }

    private static FloorPerson Moved(Site before, Site now) => new(new(1), "greta", [(Workday.Beginning, before), (D, now)]);

    private static Site Site(long key, string zone, Workday closed = default) => new(key, zone, SiteClock.Find(zone)!, closed);

    private static long Instant(string at) => DateTimeOffset.Parse(
        at + "Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
