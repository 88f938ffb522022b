using Laurel.App.Platform.Access;

namespace Laurel.App.Tests.Platform.Access;

public sealed class WeakPasswordsTests
{
    [Theory]
    [InlineData("1234567890")]
    [InlineData("0987654321")]
    [InlineData("123456789012")]
    [InlineData("qwertyuiop")]
    [InlineData("qwerty123456")]
    [InlineData("asdfghjkl1")]
    [InlineData("1q2w3e4r5t")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("Password123")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("administrator1")]
    [InlineData("slaptazodis1")]
    [InlineData("Vilnius2026")]
    [InlineData("LaurelLaurel")]
    [InlineData("priya12345")]
    [InlineData("abcdefghij")]
    public void Refusal_of_what_is_guessed_first(string password) =>
        Passwords.Refusal(password, "priya").ShouldBe("Use something that is harder to guess.");

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("a new and better one")]
    [InlineData("k7#mQz!t2vB")]
    [InlineData("password of my grandmother's cat")]
    [InlineData("trys žalios varlės")]
    [InlineData("4831-7702-9956")]
    public void Refusal_spares_what_is_not(string password) => Passwords.Refusal(password, "priya").ShouldBeNull();

    [Fact]
    public void Refusal_spares_each_password_that_is_made_here()
    {
        for (var i = 0; i < 200; i++) Passwords.Refusal(Passwords.OneTime(), "priya").ShouldBeNull();
    }
}
