using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Today;

/// <summary>The words at the head of the start page. At night nobody is wished a good one: that would be a farewell.</summary>
public static class Greeting
{
    public static string At(DateTimeOffset local, string name, IStringLocalizer<Ui> texts) => local.Hour switch
    {
        >= 5 and < 12 => texts["Good morning, {0}", name],
        >= 12 and < 18 => texts["Good afternoon, {0}", name],
        >= 18 and < 22 => texts["Good evening, {0}", name],
        _ => texts["Hello, {0}", name],
    };
}
