using System.CommandLine;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Demo;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Serving;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Hosting;

var laurel = new RootCommand("Laurel: recognition for contact centres. The web application is made in Platform/Hosting/LaurelHost.cs.")
{
    ServeVerb.Command(),
    DemoVerb.Command(),
    ApplyVerb.Command(),
    AwardsVerb.Command(),
    ValuesVerb.Command(),
};

var arguments = laurel.Parse(args);
var exit = await arguments.InvokeAsync();
return arguments.Errors.Count > 0 ? Verb.BadUsage : exit;
