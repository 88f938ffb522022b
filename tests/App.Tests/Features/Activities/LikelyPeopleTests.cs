using Laurel.App.Features.Activities;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>Who was probably meant by an id that nobody has.</summary>
public sealed class LikelyPeopleTests
{
    private static readonly IReadOnlyList<KnownPerson> Known =
    [
        new("sharon", "Sharon Levi", null, null), new("a17", "Ąžuolė Example", "azuole.x@desk.example", null),
        new("agent-18", "Roth Example", null, null), new("s.levin", "Sara Levin", null, null),
    ];

    [Theory]
    [InlineData("sharn", "sharon")]
    [InlineData("SHARON", "sharon")]
    [InlineData("Levi, Sharon", "sharon")]
    [InlineData("sharon@bank.example", "sharon")]
    [InlineData("Sharon Katz", "sharon")]
    [InlineData("azuole", "a17")]
    [InlineData("azuole.x", "a17")]
    [InlineData("agent-17", "")]
    [InlineData("agent018", "agent-18")]
    [InlineData("slevin", "s.levin")]
    [InlineData("somebody", "")]
    [InlineData("?!", "")]
    [InlineData("ab", "")]
    public void For_finds_who_is_near(string awaited, string expected) =>
        (LikelyPeople.For(awaited, Known).FirstOrDefault()?.Id ?? "").ShouldBe(expected);

    [Fact]
    public void For_names_the_nearest_first_and_three_at_most()
    {
        var known = new[] { "marija", "marina", "marta", "mariana", "maria" }.Select(id => new KnownPerson(id, id, null, null)).ToList();
        LikelyPeople.For("marija", known).Select(p => p.Id).ShouldBe(["marija", "maria", "marina"]);
    }
}
