using Laurel.App.Platform.Components;

namespace Laurel.App.Tests.Platform.Components;

/// <summary>The policy lets no page bring styles: each share and each hue that a page may ask for has a class.</summary>
public sealed class StepsTests
{
    private static readonly string Steps = File.ReadAllText(Path.Combine(Checkout.Root, "src/App/Assets/css/steps.css"));

    [Fact]
    public void Each_percent_has_a_class()
    {
        for (var share = 0; share <= 100; share++) Steps.ShouldContain($".share-{share} {{ --share: {share}; }}");
    }

    [Fact]
    public void Each_hue_of_a_face_has_a_class()
    {
        var hues = Enumerable.Range(0, 500).Select(i => Initials.Hue($"person-{i}")).Distinct().ToList();
        hues.Count.ShouldBe(8);
        foreach (var hue in hues) Steps.ShouldContain($".hue-{hue} {{ --hue: {hue}; }}");
    }
}
