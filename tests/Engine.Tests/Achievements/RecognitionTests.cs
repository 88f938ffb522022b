using Laurel.Engine.Achievements;

namespace Laurel.Engine.Tests.Achievements;

public sealed class RecognitionTests
{
    private static readonly Regard
        Self = new(true, true, true, false), InScope = new(false, true, false, false),
        Teammate = new(false, false, true, true), Other = new(false, false, false, true), Private = new(false, false, true, false);

    [Theory]
    [InlineData(ColleaguesSee.Nobody, false, false)]
    [InlineData(ColleaguesSee.OwnTeam, true, false)]
    [InlineData(ColleaguesSee.Everybody, true, true)]
    public void IsOpen_of_colleagues_follows_the_setting(ColleaguesSee setting, bool ofTeam, bool ofOthers)
    {
        Recognition.IsOpen(setting, may: true, Teammate).ShouldBe(ofTeam);
        Recognition.IsOpen(setting, may: true, Other).ShouldBe(ofOthers);
    }

    [Theory]
    [InlineData(ColleaguesSee.Nobody)]
    [InlineData(ColleaguesSee.OwnTeam)]
    [InlineData(ColleaguesSee.Everybody)]
    public void IsOpen_of_oneself_and_of_the_scope_whatever_is_set(ColleaguesSee setting)
    {
        Recognition.IsOpen(setting, may: false, Self).ShouldBeTrue();
        Recognition.IsOpen(setting, may: false, InScope).ShouldBeTrue();
        Recognition.IsOpen(setting, may: true, Private).ShouldBeFalse();
        Recognition.IsOpen(setting, may: false, Teammate).ShouldBeFalse();
    }

    [Fact]
    public void Of_a_secret_badge_is_a_locked_one_to_colleagues()
    {
        Of(Other, isSecret: true).ShouldBe(BadgeSight.Locked);
        Of(Other).ShouldBe(BadgeSight.Named);
        Of(InScope, isSecret: true).ShouldBe(BadgeSight.Named);
        Of(Self, isSecret: true).ShouldBe(BadgeSight.Named);
        Of(Private).ShouldBe(BadgeSight.Nothing);
        Of(Private, isSecret: true).ShouldBe(BadgeSight.Nothing);
    }

    [Fact]
    public void Of_a_negative_badge_is_nothing_to_colleagues()
    {
        Of(Other, isNegative: true).ShouldBe(BadgeSight.Nothing);
        Of(Other, isSecret: true, isNegative: true).ShouldBe(BadgeSight.Nothing);
        Of(InScope, isNegative: true).ShouldBe(BadgeSight.Named);
        Of(Self, isNegative: true).ShouldBe(BadgeSight.Named);
    }

    private static BadgeSight Of(Regard person, bool isSecret = false, bool isNegative = false) =>
        Recognition.Of(ColleaguesSee.Everybody, may: true, person, isSecret, isNegative);
}
