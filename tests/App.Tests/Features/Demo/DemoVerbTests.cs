using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Demo;

public sealed class DemoVerbTests
{
    [Fact]
    public async Task Demo_finds_the_samples_beside_the_program()
    {
        using var laurel = new LaurelProgram();
        // Refused for the address, which is looked at once the samples are there.
        var ran = await laurel.Run("demo", "--urls", "bogus");
        ran.Err.ShouldStartWith("laurel: --urls: 'bogus' is no address", customMessage: ran.Says);
    }

    [Fact]
    public async Task Demo_without_samples_says_where_they_are()
    {
        using var laurel = new LaurelProgram();
        var ran = await laurel.Run("demo", "--samples", "nowhere");
        ran.Err.Trim().ShouldBe("laurel: there are no samples in nowhere; "
            + "--samples names the folder samples of a checkout, or of where the program is");
    }
}
