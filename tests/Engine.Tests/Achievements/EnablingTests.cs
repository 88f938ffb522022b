using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Tests.Achievements;

public sealed class EnablingTests
{
    private static readonly Workday History = new(10), Today = new(100), Later = new(110);

    [Fact]
    public void On_the_first_time_begins_with_its_history() =>
        Enabling.On([], History, Today).ShouldBe([new EnabledSpan(History, null)]);

    [Fact]
    public void On_when_it_is_on_changes_nothing() => Enabling.On([new(History, null)], History, Today).ShouldBeNull();

    [Fact]
    public void Off_ends_the_span_before_today() =>
        Enabling.Off([new(History, null)], Today).ShouldBe([new EnabledSpan(History, Today)]);

    [Fact]
    public void Off_when_it_is_off_changes_nothing()
    {
        Enabling.Off([], Today).ShouldBeNull();
        Enabling.Off([new(History, Today)], Later).ShouldBeNull();
    }

    [Fact]
    public void On_after_a_gap_begins_today() =>
        Enabling.On([new(History, Today)], History, Later).ShouldBe([new(History, Today), new EnabledSpan(Later, null)]);

    [Fact]
    public void On_the_same_day_leaves_no_gap() =>
        Enabling.On(Enabling.Off([new(History, null)], Today)!, History, Today).ShouldBe([new EnabledSpan(History, null)]);

    [Fact]
    public void On_after_a_first_day_that_was_taken_back_begins_with_that_enabling_or_after_the_gap()
    {
        var off = Enabling.Off([new(Today, null)], Today)!;
        Enabling.On(off, null, Later).ShouldBe([new EnabledSpan(Later, null)]);
        Enabling.On(off, Today, Later).ShouldBe([new(Today, Today), new EnabledSpan(Later, null)]);
        Enabling.On(off, Today, Today).ShouldBe([new EnabledSpan(Today, null)]);
    }

    [Fact]
    public void On_before_history_has_begun_begins_with_history()
    {
        var off = Enabling.Off([new(Later, null)], Today)!;
        off.ShouldBe([new EnabledSpan(Later, Later)]);
        Enabling.On(off, Later, Today.Plus(1)).ShouldBe([new EnabledSpan(Later, null)]);
        Enabling.On(off, Later, Later.Plus(1)).ShouldBe([new(Later, Later), new EnabledSpan(Later.Plus(1), null)]);
    }

    [Fact]
    public void On_from_enabling_begins_today() => Enabling.On([], null, Today).ShouldBe([new EnabledSpan(Today, null)]);

    [Fact]
    public void Off_on_the_day_it_began_leaves_what_was_before() =>
        Enabling.Off([new(History, Today), new(Later, null)], Later).ShouldBe([new EnabledSpan(History, Today)]);
}
